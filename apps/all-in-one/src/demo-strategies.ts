import type { ExitPlan, Venue } from '@onefeed/contracts';

/** Bots are spread over this many shards; fixed for a database (the runner owns whole shards). */
export const BOT_SHARDS = 8;

export interface DemoStrategy {
  name: string;
  venue: Venue;
  instruments: string[];
  source: string;
  exitPlan: ExitPlan;
}

const EMA_CROSS = `timeframe 1m
entry crossover(ema(close, 9), ema(close, 21))
exit crossunder(ema(close, 9), ema(close, 21))
`;
const RSI_DIP = `timeframe 1m
entry rsi(close, 14) < 35
exit rsi(close, 14) > 60
`;
const YOUNG_TOKEN = `token
entry ai_score > 0.6 and age < 120
`;
const SMALL_SWING: ExitPlan = { stopLossPercent: 2, takeProfit: { type: 'FIXED', gainPercent: 2 } };

/** What demo bots trade, in turn: few rules, so that many bots share each of them. */
export const DEMO_STRATEGIES: readonly DemoStrategy[] = [
  { name: 'EMA cross', venue: 'binance', instruments: ['BTCUSDT'], source: EMA_CROSS, exitPlan: SMALL_SWING },
  { name: 'RSI dip', venue: 'binance', instruments: ['ETHUSDT'], source: RSI_DIP, exitPlan: SMALL_SWING },
  {
    name: 'Young token',
    venue: 'pumpfun',
    instruments: [],
    source: YOUNG_TOKEN,
    exitPlan: {
      stopLossPercent: 40,
      timeLimitSeconds: 900,
      takeProfit: {
        type: 'PROGRESSIVE_AFTER_MIGRATION',
        initialPercent: 50,
        stepPercent: 10,
        stepInterval: 60,
        stepUnit: 'seconds',
      },
    },
  },
];
