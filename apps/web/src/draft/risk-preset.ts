import type { RiskLevel } from '@onefeed/contracts';
import type { BotDraft, StrategyKind } from './bot-draft.ts';

/** The fields that a risk level fills in. */
type Preset = Pick<
  BotDraft,
  'stakePercent' | 'stopLossPercent' | 'maxOpenPositions' | 'cooldownSeconds' | 'dailyLossLimit'
>;

interface Level {
  readonly stakePercent: string;
  readonly maxOpenPositions: string;
  readonly cooldownSeconds: string;
  /** Of the money at the start, lost in a day. */
  readonly lossPercent: number;
  /** Tokens move further than coins. */
  readonly stopLossPercent: Readonly<Record<StrategyKind, string>>;
}

/** The same numbers that `risk_level` of `POST /api/bot/start` stands for, with a loss limit of the day. */
const LEVELS: Readonly<Record<RiskLevel, Level>> = {
  LOW: {
    stakePercent: '1',
    maxOpenPositions: '5',
    cooldownSeconds: '300',
    lossPercent: 2,
    stopLossPercent: { candle: '2', token: '20' },
  },
  MEDIUM: {
    stakePercent: '2.5',
    maxOpenPositions: '10',
    cooldownSeconds: '60',
    lossPercent: 5,
    stopLossPercent: { candle: '4', token: '35' },
  },
  HIGH: {
    stakePercent: '5',
    maxOpenPositions: '20',
    cooldownSeconds: '0',
    lossPercent: 15,
    stopLossPercent: { candle: '8', token: '50' },
  },
};

export const RISK_LEVELS = ['LOW', 'MEDIUM', 'HIGH'] as const;

/** Paper money a new bot starts with, in the quote asset of its venue. */
export const INITIAL_CASH: Readonly<Record<StrategyKind, number>> = { candle: 10_000, token: 10 };

/** The fields a risk level fills in; each can be changed afterwards. */
export function riskPreset(level: RiskLevel, kind: StrategyKind): Preset {
  const { stakePercent, maxOpenPositions, cooldownSeconds, lossPercent, stopLossPercent } = LEVELS[level];
  return {
    stakePercent,
    maxOpenPositions,
    cooldownSeconds,
    stopLossPercent: stopLossPercent[kind],
    dailyLossLimit: String((INITIAL_CASH[kind] * lossPercent) / 100),
  };
}
