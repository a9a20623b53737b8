import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { barEnd, barStart, DAY_MS, HOUR_MS, INTERVALS, MINUTE_MS } from './interval.ts';
import { addPart, type Kline } from './kline.ts';
import { queryKlines } from './kline-query.ts';
import { createSeededMarket } from './seeded-market.ts';
import { HISTORY_START } from './seeded-symbol.ts';
import { SYMBOL_SPECS } from './symbol-spec.ts';

// Much work or real sockets: a busy machine takes longer than the default allows.
vi.setConfig({ testTimeout: 30_000 });

const NOW = Date.UTC(2026, 10, 20, 18, 30, 17, 123);
const symbols = SYMBOL_SPECS.map(({ symbol }) => symbol);
const anySymbol = fc.constantFrom(...symbols);
const anyTime = fc.integer({ min: Date.UTC(2026, 8, 1), max: NOW });
const market = createSeededMarket(7);
const series = (symbol: string, interval: (typeof INTERVALS)[number]) => ({ symbol, interval, offsetMs: 0 });

/** What the parts of a bar add up to, by the rule of larger bars. */
function sumOf(parts: readonly Kline[], openTime: number, closeTime: number): Kline {
  const [first, ...rest] = parts;
  if (!first) throw new Error('a bar has parts');
  const sum = { ...first, openTime, closeTime };
  for (const part of rest) addPart(sum, part);
  return sum;
}

describe('the seeded market', () => {
  it('is a function of the seed and the time, not of what was asked before', () => {
    fc.assert(
      fc.property(
        anySymbol,
        fc.constantFrom(...INTERVALS.slice(0, 12)),
        anyTime,
        (symbol, interval, time) => {
          const openTime = barStart(interval, time);
          const fresh = createSeededMarket(7).bar(series(symbol, interval), openTime, time);
          expect(market.bar(series(symbol, interval), openTime, time)).toEqual(fresh);
        },
      ),
      { numRuns: 40 },
    );
    const openTime = barStart('1h', NOW);
    const other = createSeededMarket(8).bar(series('BTCUSDT', '1h'), openTime, NOW);
    expect(other).not.toEqual(market.bar(series('BTCUSDT', '1h'), openTime, NOW));
  });

  it.each([
    ['1m', '1s'],
    ['5m', '1m'],
    ['15m', '5m'],
    ['1h', '1m'],
    ['4h', '15m'],
    ['1d', '1h'],
    ['1w', '4h'],
    ['1M', '1d'],
  ] as const)('makes each %s bar of its %s bars', (large, small) => {
    fc.assert(
      fc.property(anySymbol, anyTime, (symbol, time) => {
        const openTime = barStart(large, time);
        const end = barEnd(large, openTime);
        const parts: Kline[] = [];
        for (let at = openTime; at < end; at = barEnd(small, at)) {
          parts.push(market.bar(series(symbol, small), at, end));
        }
        expect(market.bar(series(symbol, large), openTime, end)).toEqual(sumOf(parts, openTime, end - 1));
      }),
      { numRuns: large === '1M' ? 3 : 12 },
    );
  });

  it('lets a bar only grow while it forms, into exactly the closed bar', () => {
    fc.assert(
      fc.property(
        anySymbol,
        fc.constantFrom('1s', '1m', '5m', '1h', '1d'),
        anyTime,
        fc.array(fc.nat(DAY_MS), { minLength: 2, maxLength: 6 }),
        (symbol, interval, time, steps) => {
          const openTime = barStart(interval, time);
          const length = barEnd(interval, openTime) - openTime;
          const moments = steps.map((step) => openTime + (step % length)).sort((a, b) => a - b);
          const states = moments.map((at) => market.bar(series(symbol, interval), openTime, at));
          const closed = market.bar(series(symbol, interval), openTime, openTime + length - 1);
          for (const [index, state] of [...states, closed].entries()) {
            const before = states[index - 1];
            expect(state.trades).toBe(state.trades === 0 ? 0 : state.lastTradeId - state.firstTradeId + 1);
            if (!before) continue;
            expect(state.volume >= before.volume).toBe(true);
            expect(state.quoteVolume >= before.quoteVolume).toBe(true);
            expect(state.takerBaseVolume >= before.takerBaseVolume).toBe(true);
            expect(state.takerQuoteVolume >= before.takerQuoteVolume).toBe(true);
            if (before.trades === 0) continue;
            expect(state.open).toBe(before.open);
            expect(state.high).toBeGreaterThanOrEqual(before.high);
            expect(state.low).toBeLessThanOrEqual(before.low);
          }
          expect(market.bar(series(symbol, interval), openTime, openTime + length + DAY_MS)).toEqual(closed);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('has sound bars that follow each other, minutes without trades among them', () => {
    for (const symbol of symbols) {
      const bars = queryKlines(market, series(symbol, '1m'), { limit: 3_000 }, NOW);
      let lastTradeId = -1;
      let idle = 0;
      for (const [index, bar] of bars.entries()) {
        expect(bar.openTime).toBe(bars[0] ? bars[0].openTime + index * MINUTE_MS : Number.NaN);
        expect(bar.low).toBeLessThanOrEqual(Math.min(bar.open, bar.close));
        expect(bar.high).toBeGreaterThanOrEqual(Math.max(bar.open, bar.close));
        expect(bar.low).toBeGreaterThan(0);
        expect(bar.takerBaseVolume <= bar.volume).toBe(true);
        expect(bar.quoteVolume * 100_000_000n >= bar.volume * BigInt(bar.low)).toBe(true);
        if (bar.trades === 0) {
          idle += 1;
          expect(bar).toMatchObject({ firstTradeId: -1, lastTradeId: -1, volume: 0n, quoteVolume: 0n });
          const before = bars[index - 1]?.close ?? bar.close;
          expect([bar.open, bar.high, bar.low, bar.close]).toEqual([before, before, before, before]);
          continue;
        }
        if (lastTradeId >= 0) expect(bar.firstTradeId).toBe(lastTradeId + 1);
        lastTradeId = bar.lastTradeId;
      }
      expect(idle, `${symbol} minutes without trades`).toBeGreaterThan(0);
    }
  });

  it.each(symbols)('makes EMA 9/21 of %s cross every 10 to 25 minutes on average', (symbol) => {
    const closes = queryKlines(market, series(symbol, '1m'), { limit: 10_000 }, NOW).map(
      ({ close }) => close,
    );
    let fast = closes[0] ?? 0;
    let slow = fast;
    let side = 0;
    let crosses = 0;
    for (const close of closes) {
      fast += ((close - fast) * 2) / 10;
      slow += ((close - slow) * 2) / 22;
      const now = Math.sign(fast - slow);
      if (now !== 0 && side !== 0 && now !== side) crosses += 1;
      if (now !== 0) side = now;
    }
    expect(closes.length / crosses).toBeGreaterThan(10);
    expect(closes.length / crosses).toBeLessThan(25);
  });

  it('answers a thousand days and ends where its history begins', () => {
    expect(queryKlines(market, series('BTCUSDT', '1d'), { limit: 1_000 }, NOW)).toHaveLength(1_000);
    const months = queryKlines(market, series('BTCUSDT', '1M'), { limit: 1_000 }, NOW);
    expect(months[0]?.openTime).toBe(HISTORY_START);
    expect(market.barAtOrBefore(series('BTCUSDT', '1h'), HISTORY_START - HOUR_MS)).toBeUndefined();
  });
});
