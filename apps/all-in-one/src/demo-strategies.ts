import type { ExitPlan, Venue } from '@onefeed/contracts';

/** One of the platform's own strategies, as a demo bot runs it. */
export interface DemoStrategy {
  /** Name of the built-in strategy. */
  name: string;
  venue: Venue;
  instruments: string[];
  exitPlan: ExitPlan;
}

const SMALL_SWING: ExitPlan = { stopLossPercent: 1, takeProfit: { type: 'FIXED', gainPercent: 0.8 } };
const RIDE_THE_MIGRATION: ExitPlan = {
  stopLossPercent: 40,
  timeLimitSeconds: 300,
  takeProfit: {
    type: 'PROGRESSIVE_AFTER_MIGRATION',
    initialPercent: 50,
    stepPercent: 25,
    stepInterval: 5,
    stepUnit: 'seconds',
  },
};

/** What demo bots trade, in turn: few rules, so that many bots share each of them. */
export const DEMO_STRATEGIES: readonly DemoStrategy[] = [
  { name: 'EMA_CROSS', venue: 'binance', instruments: ['BTCUSDT'], exitPlan: SMALL_SWING },
  { name: 'AI_PREDICTIONS', venue: 'pumpfun', instruments: [], exitPlan: RIDE_THE_MIGRATION },
  { name: 'EMA_CROSS', venue: 'binance', instruments: ['ETHUSDT'], exitPlan: SMALL_SWING },
  { name: 'RSI_REVERSION', venue: 'binance', instruments: ['BTCUSDT', 'SOLUSDT'], exitPlan: SMALL_SWING },
];
