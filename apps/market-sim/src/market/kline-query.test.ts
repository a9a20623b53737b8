import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from './interval.ts';
import { queryKlines } from './kline-query.ts';
import { createSeededMarket } from './seeded-market.ts';

const NOW = Date.UTC(2026, 10, 20, 18, 30, 30);
const OPEN = Date.UTC(2026, 10, 20, 18, 30);
const market = createSeededMarket(7);
const minutes = { symbol: 'ETHUSDT', interval: '1m', offsetMs: 0 } as const;
const openTimes = (range: Parameters<typeof queryKlines>[2]) =>
  queryKlines(market, minutes, range, NOW).map(({ openTime }) => (openTime - OPEN) / MINUTE_MS);

describe('which bars a request gets, in minutes from the open one', () => {
  it('the newest, ascending, the open bar last', () => {
    expect(openTimes({ limit: 3 })).toEqual([-2, -1, 0]);
  });

  it('the oldest from startTime on', () => {
    expect(openTimes({ limit: 3, startTime: OPEN - 5 * MINUTE_MS })).toEqual([-5, -4, -3]);
    expect(openTimes({ limit: 3, startTime: OPEN - 5 * MINUTE_MS + 1 })).toEqual([-4, -3, -2]);
  });

  it('the newest up to endTime, which is inclusive and means the open time', () => {
    expect(openTimes({ limit: 2, endTime: OPEN - 5 * MINUTE_MS })).toEqual([-6, -5]);
    expect(openTimes({ limit: 2, endTime: OPEN - 5 * MINUTE_MS - 1 })).toEqual([-7, -6]);
  });

  it('both: from the start, not past the end', () => {
    const range = { startTime: OPEN - 5 * MINUTE_MS, endTime: OPEN - 3 * MINUTE_MS };
    expect(openTimes({ ...range, limit: 9 })).toEqual([-5, -4, -3]);
    expect(openTimes({ ...range, limit: 2 })).toEqual([-5, -4]);
  });

  it('none when the range is empty or lies in the future', () => {
    expect(openTimes({ limit: 9, startTime: NOW + MINUTE_MS })).toEqual([]);
    expect(openTimes({ limit: 9, startTime: OPEN, endTime: OPEN - MINUTE_MS })).toEqual([]);
  });
});
