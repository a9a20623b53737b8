import type { Bot } from '@onefeed/contracts';

/** A running paper bot on BTCUSDT: 100 USDT a trade, out at +5 % or -2 %. */
export function buildBot(overrides: Partial<Bot> = {}): Bot {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    name: 'test bot',
    venue: 'binance',
    instruments: ['BTCUSDT'],
    strategyName: 'custom',
    strategySource: 'timeframe 1m\nentry close > 0\n',
    ruleKey: '0123456789abcdef0123456789abcdef',
    mode: 'paper',
    stake: { type: 'fixed', amount: '100' },
    exitPlan: { stopLossPercent: 2, takeProfit: { type: 'FIXED', gainPercent: 5 } },
    risk: { maxOpenPositions: 5, cooldownSeconds: 0 },
    state: 'running',
    cash: '10000',
    initialCash: '10000',
    signalsReceived: 0,
    startedAt: 1_704_067_200_000,
    createdAt: 1_704_067_200_000,
    ...overrides,
  };
}
