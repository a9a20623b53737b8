import type { StrategyKind } from './strategy.ts';

export interface BuiltInStrategy {
  /** Stable: stored with bots and used in requests. */
  name: string;
  title: string;
  description: string;
  kind: StrategyKind;
  source: string;
}

/** Strategies that come with the platform, written in its own language. */
export const BUILT_IN_STRATEGIES: readonly BuiltInStrategy[] = [
  {
    name: 'AI_PREDICTIONS',
    title: 'AI predictions',
    description:
      'Buys young pump.fun tokens that the score finds promising: many different buyers, little held by the creator.',
    kind: 'token',
    source: `token
param score = 0.65 in 0.3..0.95
entry ai_score > score and age < 300 and dev_share < 0.15 and unique_buyers >= 8 and drawdown < 0.3 and not migrated
`,
  },
  {
    name: 'MIGRATION_SNIPE',
    title: 'Migration snipe',
    description:
      'Buys tokens whose curve is almost sold out while buyers still outnumber sellers, to ride the migration.',
    kind: 'token',
    source: `token
param progress = 0.75 in 0.5..0.98
entry curve_progress >= progress and not migrated and unique_buyers > unique_sellers and dev_share < 0.1 and drawdown < 0.2
`,
  },
  {
    name: 'TOKEN_MOMENTUM',
    title: 'Token momentum',
    description:
      'Buys tokens that rise fast on buying by many wallets in their first two minutes; leaves when they fall.',
    kind: 'token',
    source: `token
entry age < 120 and price_change > 0.4 and unique_buyers >= 10 and buy_volume > 3 * sell_volume and drawdown < 0.15 and not migrated
exit drawdown > 0.4
`,
  },
  {
    name: 'EMA_CROSS',
    title: 'EMA cross',
    description:
      'Follows the trend: in when the 9-candle average crosses above the 21-candle one, out when it crosses back.',
    kind: 'candle',
    source: `timeframe 1m
param fast = 9 in 3..50
param slow = 21 in 5..200
entry crossover(ema(close, fast), ema(close, slow))
exit crossunder(ema(close, fast), ema(close, slow))
`,
  },
  {
    name: 'RSI_REVERSION',
    title: 'RSI reversion',
    description: 'Buys what was sold too far and turns up again; out when it is bought too far.',
    kind: 'candle',
    source: `timeframe 5m
param oversold = 30 in 10..45
param overbought = 65 in 50..90
entry crossover(rsi(close, 14), oversold)
exit crossover(rsi(close, 14), overbought)
`,
  },
  {
    name: 'MACD_TREND',
    title: 'MACD trend',
    description:
      'In when the MACD line crosses above its signal with the price above its 50-candle average, out on the cross back.',
    kind: 'candle',
    source: `timeframe 5m
entry crossover(macd(close, 12, 26, 9).line, macd(close, 12, 26, 9).signal) and close > ema(close, 50)
exit crossunder(macd(close, 12, 26, 9).line, macd(close, 12, 26, 9).signal)
`,
  },
  {
    name: 'BOLLINGER_BREAKOUT',
    title: 'Bollinger breakout',
    description:
      'In when the price closes above the upper band on more than usual volume, out when it falls under the middle.',
    kind: 'candle',
    source: `timeframe 15m
param deviations = 2 in 1..4
entry crossover(close, bollinger(close, 20, deviations).upper) and volume > sma(volume, 20)
exit crossunder(close, bollinger(close, 20, deviations).middle)
`,
  },
  {
    name: 'TREND_PULLBACK',
    title: 'Trend pullback',
    description:
      'Looks at two timeframes: in the direction of the 4-hour trend, buys when the 15-minute RSI recovers from a dip.',
    kind: 'candle',
    source: `timeframe 15m
entry close@4h > ema(close, 50)@4h and crossover(rsi(close, 14), 40)
exit rsi(close, 14) > 70 or close@4h < ema(close, 50)@4h
`,
  },
];

export function builtInStrategy(name: string): BuiltInStrategy | undefined {
  return BUILT_IN_STRATEGIES.find((strategy) => strategy.name === name);
}
