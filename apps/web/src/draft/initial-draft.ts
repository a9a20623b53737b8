import type { BotDraft, StrategyKind } from './bot-draft.ts';
import { riskPreset } from './risk-preset.ts';

/** What fits a kind of strategy: a coin moves by percents in hours, a token by multiples in minutes. */
export function exitDefaults(kind: StrategyKind): Partial<BotDraft> {
  return kind === 'token'
    ? {
        takeProfit: 'PROGRESSIVE_AFTER_MIGRATION',
        gainPercent: '50',
        stakeAmount: '0.5',
        timeLimitSeconds: '3600',
      }
    : { takeProfit: 'FIXED', gainPercent: '2', stakeAmount: '500', timeLimitSeconds: '' };
}

/** A draft ready to be started as it is. */
export function initialDraft(
  strategyId: string,
  kind: StrategyKind,
  instruments: readonly string[],
): BotDraft {
  return {
    name: '',
    strategyId,
    strategyText: '',
    instruments,
    stakeType: 'percent',
    stakeAmount: '500',
    takeProfit: 'FIXED',
    gainPercent: '2',
    legs: [
      { gainPercent: '25', sellPercent: '40' },
      { gainPercent: '60', sellPercent: '30' },
      { gainPercent: '120', sellPercent: '30' },
    ],
    initialPercent: '50',
    stepPercent: '10',
    stepInterval: '30',
    stepUnit: 'seconds',
    activatePercent: '',
    distancePercent: '',
    timeLimitSeconds: '',
    riskLevel: 'MEDIUM',
    ...riskPreset('MEDIUM', kind),
    ...exitDefaults(kind),
  };
}
