import type { Candle } from '@onefeed/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acceptFinal, createSeries, finishLoading, isOverdue } from './series.ts';

const MINUTE = 60_000;
const candle = (minute: number): Candle => ({
  venue: 'binance',
  instrument: 'BTCUSDT',
  timeframe: '1m',
  openTime: minute * MINUTE,
  open: '1',
  high: '1',
  low: '1',
  close: '1',
  volume: '0',
  quoteVolume: '0',
  trades: 0,
  closed: true,
});
const minutes = (candles: readonly Candle[]) => candles.map(({ openTime }) => openTime / MINUTE);

function live(lastMinute: number) {
  const series = createSeries('BTCUSDT', '1m');
  finishLoading(series, lastMinute * MINUTE);
  return series;
}

test('final frames wait for the history and follow it in order', () => {
  const series = createSeries('BTCUSDT', '1m');
  for (const minute of [8, 6, 7, 7]) expect(acceptFinal(series, candle(minute))).toBe('held');
  expect(minutes(finishLoading(series, 6 * MINUTE))).toEqual([7, 8]);
  expect(series).toMatchObject({ phase: 'live', lastOpenTime: 8 * MINUTE, held: [] });
});

test('a final frame missed while the history is read is not passed over', () => {
  const series = createSeries('BTCUSDT', '1m');
  for (const minute of [7, 9]) acceptFinal(series, candle(minute));
  expect(minutes(finishLoading(series, 6 * MINUTE))).toEqual([7]);
  expect(series).toMatchObject({ phase: 'loading', reload: true, lastOpenTime: 7 * MINUTE });
  series.reload = false;
  expect(minutes(finishLoading(series, 8 * MINUTE))).toEqual([9]);
  expect(series).toMatchObject({ phase: 'live', reload: false, lastOpenTime: 9 * MINUTE });
});

test('the next candle is stored, an old one is a duplicate, a later one shows a gap', () => {
  const series = live(5);
  expect(acceptFinal(series, candle(6))).toBe('store');
  expect(acceptFinal(series, candle(6))).toBe('duplicate');
  expect(acceptFinal(series, candle(5))).toBe('duplicate');
  expect(acceptFinal(series, candle(8))).toBe('gap');
  expect(series.phase).toBe('loading');
  expect(minutes(finishLoading(series, 7 * MINUTE))).toEqual([8]);
});

test('a new listing has no history: its first candle starts the series', () => {
  const series = createSeries('NEWUSDT', '1m');
  finishLoading(series, null);
  expect(acceptFinal(series, candle(6))).toBe('gap');
  expect(minutes(finishLoading(series, null))).toEqual([6]);
  expect(acceptFinal(series, candle(7))).toBe('store');
});

test('what waits is bounded; past it the history is read once more', () => {
  const series = createSeries('BTCUSDT', '1m');
  for (let minute = 0; minute < 150; minute += 1) acceptFinal(series, candle(minute));
  expect(series.held.length).toBeLessThanOrEqual(100);
  expect(series.reload).toBe(true);
});

test('a candle is overdue 5 s after its close by the time of the venue', () => {
  const series = live(5);
  expect(isOverdue(series, 7 * MINUTE + 4_999, 0)).toBe(false);
  expect(isOverdue(series, 7 * MINUTE + 5_000, 0)).toBe(true);
  series.askAgainAt = 100;
  expect(isOverdue(series, 7 * MINUTE + 5_000, 99)).toBe(false);
  expect(isOverdue(createSeries('BTCUSDT', '1m'), 7 * MINUTE, 0)).toBe(false);
});

test('whatever order and repetition of final frames: handed on ascending, each once', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(30), { maxLength: 60 }), (arrivals) => {
      const series = live(0);
      const out: number[] = [];
      for (const minute of arrivals) {
        const outcome = acceptFinal(series, candle(minute));
        if (outcome === 'store') out.push(minute);
        // The history has everything before the frame that showed the gap.
        if (outcome === 'gap') {
          const last = (out.at(-1) ?? 0) + 1;
          for (let missing = last; missing < minute; missing += 1) out.push(missing);
          out.push(...minutes(finishLoading(series, (minute - 1) * MINUTE)));
        }
      }
      expect(out).toEqual(Array.from({ length: out.length }, (_, at) => at + 1));
    }),
  );
});
