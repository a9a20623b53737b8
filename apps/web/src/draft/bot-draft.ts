import type { RiskLevel, TakeProfit } from '@onefeed/contracts';

/** The strategy the draft points at: one that is stored, or the text in the editor. */
export const OWN_STRATEGY = '';

/**
 * The form for a new bot as the person typed it: all numbers are text until `buildBot` reads them, so that
 * half-typed values are neither lost nor rounded.
 */
export interface BotDraft {
  readonly name: string;
  /** Name or id of a stored strategy; `OWN_STRATEGY` when `strategyText` counts. */
  readonly strategyId: string;
  readonly strategyText: string;
  readonly instruments: readonly string[];
  readonly stakeType: 'fixed' | 'percent';
  readonly stakeAmount: string;
  readonly stakePercent: string;
  readonly takeProfit: TakeProfit['type'];
  readonly gainPercent: string;
  readonly legs: readonly LegDraft[];
  readonly initialPercent: string;
  readonly stepPercent: string;
  readonly stepInterval: string;
  readonly stepUnit: 'seconds' | 'gain_percent';
  readonly stopLossPercent: string;
  readonly activatePercent: string;
  readonly distancePercent: string;
  readonly timeLimitSeconds: string;
  readonly riskLevel: RiskLevel | 'CUSTOM';
  readonly maxOpenPositions: string;
  readonly cooldownSeconds: string;
  readonly dailyLossLimit: string;
}

export interface LegDraft {
  readonly gainPercent: string;
  readonly sellPercent: string;
}

/** What a strategy looks at decides where it trades. */
export type StrategyKind = 'candle' | 'token';
