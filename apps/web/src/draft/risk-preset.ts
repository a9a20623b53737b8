import type { RiskLevel } from '@onefeed/contracts';
import type { BotDraft, StrategyKind } from './bot-draft.ts';

type Preset = Pick<
  BotDraft,
  'stakePercent' | 'stopLossPercent' | 'maxOpenPositions' | 'cooldownSeconds' | 'dailyLossLimit'
>;

const PRESETS: Readonly<Record<RiskLevel, Omit<Preset, 'dailyLossLimit'> & { lossPercent: number }>> = {
  LOW: {
    stakePercent: '2',
    stopLossPercent: '3',
    maxOpenPositions: '2',
    cooldownSeconds: '600',
    lossPercent: 2,
  },
  MEDIUM: {
    stakePercent: '5',
    stopLossPercent: '8',
    maxOpenPositions: '5',
    cooldownSeconds: '120',
    lossPercent: 5,
  },
  HIGH: {
    stakePercent: '10',
    stopLossPercent: '20',
    maxOpenPositions: '10',
    cooldownSeconds: '0',
    lossPercent: 15,
  },
};

export const RISK_LEVELS = ['LOW', 'MEDIUM', 'HIGH'] as const;

/** Paper money a new bot starts with, in the quote asset of its venue. */
export const INITIAL_CASH: Readonly<Record<StrategyKind, number>> = { candle: 10_000, token: 10 };

/** The fields a risk level fills in; each can be changed afterwards. */
export function riskPreset(level: RiskLevel, kind: StrategyKind): Preset {
  const { lossPercent, ...fields } = PRESETS[level];
  return { ...fields, dailyLossLimit: String((INITIAL_CASH[kind] * lossPercent) / 100) };
}
