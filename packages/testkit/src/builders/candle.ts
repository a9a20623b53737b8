import { type StoredCandle, TIMEFRAME_MS } from '@onefeed/contracts';

/** A closed BTCUSDT 1m candle of 2024-01-01 00:00 UTC that never moved from 100, unless told otherwise. */
export function buildCandle(overrides: Partial<StoredCandle> = {}): StoredCandle {
  const close = overrides.close ?? '100';
  return {
    venue: 'binance',
    instrument: 'BTCUSDT',
    timeframe: '1m',
    openTime: 1_704_067_200_000,
    open: close,
    high: close,
    low: close,
    close,
    volume: '1',
    quoteVolume: close,
    trades: 1,
    closed: true,
    seq: 1,
    ...overrides,
  };
}

/** Consecutive candles with these closes; open times and seq rise from the first one's. */
export function buildCandles(
  closes: readonly (number | string)[],
  first: Partial<StoredCandle> = {},
): StoredCandle[] {
  const start = buildCandle(first);
  return closes.map((close, index) =>
    buildCandle({
      ...first,
      close: String(close),
      openTime: start.openTime + index * TIMEFRAME_MS[start.timeframe],
      seq: start.seq + index,
    }),
  );
}
