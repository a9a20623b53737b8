import type { Bar, Bot, CatalogAnswer, Order, Position, ServiceView, Token, Trade } from '@onefeed/contracts';
import { buildBot, buildInstrument } from '@onefeed/testkit';

export const NOW = 1_800_000_000_000;
export const USER = {
  id: '00000000-0000-4000-8000-0000000000aa',
  email: 'trader@example.com',
  role: 'user' as const,
};
export const ADMIN = {
  id: '00000000-0000-4000-8000-0000000000bb',
  email: 'operator@example.com',
  role: 'admin' as const,
};

export const CATALOG: CatalogAnswer = {
  success: true,
  venues: [
    { venue: 'binance', quoteAsset: 'USDT', live: false },
    { venue: 'pumpfun', quoteAsset: 'SOL', live: false },
  ],
  instruments: ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'BNBUSDT', 'XRPUSDT'].map((instrument) => ({
    ...buildInstrument(),
    instrument,
    baseAsset: instrument.replace('USDT', ''),
  })),
  timeframes: ['1m', '5m', '15m', '1h', '4h', '1d'],
  strategies: [
    {
      name: 'AI_PREDICTIONS',
      title: 'AI predictions',
      description: 'Buys young pump.fun tokens that the score finds promising.',
      kind: 'token',
      source: 'token\nentry ai_score > 0.6 and age < 300 and dev_share < 0.15\n',
    },
    {
      name: 'EMA_CROSS',
      title: 'EMA cross',
      description: 'In when the 9-candle average crosses above the 21-candle one, out when it crosses back.',
      kind: 'candle',
      source:
        'timeframe 1m\nentry crossover(ema(close, 9), ema(close, 21))\nexit crossunder(ema(close, 9), ema(close, 21))\n',
    },
  ],
  exitPlanSchema: {},
};

/** Minute bars of a market that wanders; the last one forms. Always the same ones. */
export function bars(count: number): Bar[] {
  let close = 63_000;
  return Array.from({ length: count }, (_, index) => {
    const open = close;
    close = open * (1 + Math.sin(index / 9) * 0.0011 + Math.sin(index * 12.9898) * 0.0009);
    return {
      openTime: NOW - (count - 1 - index) * 60_000,
      open: open.toFixed(2),
      high: (Math.max(open, close) * 1.0006).toFixed(2),
      low: (Math.min(open, close) * 0.9994).toFixed(2),
      close: close.toFixed(2),
      volume: (20 + 15 * Math.sin(index / 4)).toFixed(5),
      closed: index < count - 1,
    };
  });
}

export const BOT: Bot = buildBot({
  id: '00000000-0000-4000-8000-000000000001',
  name: 'EMA cross BTCUSDT',
  strategyName: 'EMA_CROSS',
  strategySource: CATALOG.strategies[1]?.source ?? '',
  stake: { type: 'percent', percent: 5 },
  cash: '9500',
  initialCash: '10000',
  startedAt: NOW - 3_600_000,
  createdAt: NOW - 3_600_000,
});
export const TOKEN_BOT: Bot = buildBot({
  id: '00000000-0000-4000-8000-000000000002',
  name: 'Token hunter',
  venue: 'pumpfun',
  instruments: [],
  strategyName: 'AI_PREDICTIONS',
  exitPlan: {
    stopLossPercent: 30,
    takeProfit: {
      type: 'PROGRESSIVE_AFTER_MIGRATION',
      initialPercent: 50,
      stepPercent: 10,
      stepInterval: 30,
      stepUnit: 'seconds',
    },
  },
  cash: '10',
  initialCash: '10',
  createdAt: NOW - 7_200_000,
});

export const POSITION: Position = {
  id: '00000000-0000-4000-8000-000000000011',
  botId: BOT.id,
  venue: 'binance',
  instrument: 'BTCUSDT',
  quantity: '0.00792',
  originalQuantity: '0.00792',
  entryPrice: '63100.5',
  cost: '500',
  proceeds: '0',
  exitPlan: BOT.exitPlan,
  openedAt: NOW - 300_000,
};

export function order(side: Order['side'], number: number, price: string): Order {
  const id = `00000000-0000-4000-8000-0000000001${String(number).padStart(2, '0')}`;
  return {
    id,
    clientId: `c${number}`,
    botId: BOT.id,
    positionId: POSITION.id,
    cause: 'signal:1',
    venue: 'binance',
    instrument: 'BTCUSDT',
    side,
    mode: 'paper',
    status: 'filled',
    quantity: '0.00792',
    price,
    quoteAmount: '500',
    fee: '0.00000792',
    feeAsset: side === 'buy' ? 'BTC' : 'USDT',
    createdAt: NOW - number * 900_000,
  };
}

export function trade(number: number, profit: string): Trade {
  return {
    id: `00000000-0000-4000-8000-0000000002${String(number).padStart(2, '0')}`,
    botId: BOT.id,
    venue: 'binance',
    instrument: 'BTCUSDT',
    quantity: '0.00792',
    entryPrice: '62880.1',
    exitPrice: '63420.7',
    cost: '500',
    proceeds: '503',
    profit,
    profitPercent: Number(profit) / 5,
    dust: '0',
    exitReason: profit.startsWith('-') ? 'stop_loss' : 'take_profit',
    openedAt: NOW - number * 900_000,
    closedAt: NOW - number * 900_000 + 300_000,
  };
}

export function token(number: number): Token {
  const units = 1_073_000_000_000_000 - number * 31_000_000_000_000;
  return {
    mint: `Mint${String(number).padStart(4, '0')}PumpTokenAddress1111111111111pump`,
    name: ['Moon Hamster', 'Quantum Toast', 'Soup Dao', 'Late Otter', 'Pixel Monk'][number % 5] ?? 'Token',
    symbol: ['MOON', 'TOAST', 'SOUP', 'OTTER', 'MONK'][number % 5] ?? 'TKN',
    uri: 'https://example.com/token.json',
    creator: 'Creator1111111111111111111111111111111111111',
    createdAt: NOW - number * 20_000,
    status: number % 7 === 6 ? 'migrated' : 'curve',
    reserves: { virtualSolLamports: '30000000000', virtualTokenUnits: String(units) },
    price: '0.0000000280',
    marketCapSol: (28 + number * 4.4).toFixed(4),
    untradeableReason: null,
    aiScore: number === 0 ? null : ((number * 37) % 100) / 100,
  };
}

export const SERVICES: ServiceView[] = [
  'feed-gateway',
  'analysis-engine',
  'bot-runner',
  'api',
  'market-sim',
].map((service, index) => ({
  service,
  instance: `${service}-1`,
  at: NOW,
  ready: index !== 2,
  reasons: index === 2 ? ['waiting for shard 3 to be released'] : [],
  figures: { upSeconds: 3_600, rssMb: 96.4, eventsTotal: 182_344 },
  silent: false,
}));
