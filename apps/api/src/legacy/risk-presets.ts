import type { RiskLevel, RiskSettings, Stake, Venue } from '@onefeed/contracts';

export interface RiskPreset {
  stake: Stake;
  risk: RiskSettings;
  /** Percent below the entry price at which everything is sold: tokens move further than coins. */
  stopLossPercent: Readonly<Record<Venue, number>>;
}

/** What `risk_level` of older clients stands for. */
export const RISK_PRESETS: Readonly<Record<RiskLevel, RiskPreset>> = {
  LOW: {
    stake: { type: 'percent', percent: 1 },
    risk: { maxOpenPositions: 5, cooldownSeconds: 300 },
    stopLossPercent: { binance: 2, pumpfun: 20 },
  },
  MEDIUM: {
    stake: { type: 'percent', percent: 2.5 },
    risk: { maxOpenPositions: 10, cooldownSeconds: 60 },
    stopLossPercent: { binance: 4, pumpfun: 35 },
  },
  HIGH: {
    stake: { type: 'percent', percent: 5 },
    risk: { maxOpenPositions: 20, cooldownSeconds: 0 },
    stopLossPercent: { binance: 8, pumpfun: 50 },
  },
};
