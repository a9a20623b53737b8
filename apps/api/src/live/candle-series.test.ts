import type { Bar } from '@onefeed/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHART_BARS, createCandleSeries } from './candle-series.ts';

const bar = (openTime: number, closed = true, close = '1'): Bar => ({
  openTime,
  open: '1',
  high: '1',
  low: '1',
  close,
  volume: '1',
  closed,
});

describe('the bars of a chart', () => {
  it('stay in order, without doubles, and are the newest, whatever the order of arrival', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { maxLength: 600 }), (times) => {
        const series = createCandleSeries();
        for (const time of times) series.put(bar(time));
        const expected = [...new Set(times)].sort((a, b) => a - b).slice(-CHART_BARS);
        expect(series.bars().map((one) => one.openTime)).toEqual(expected);
      }),
    );
  });

  it('replace a forming bar, never reopen a closed one', () => {
    const series = createCandleSeries();
    expect(series.put(bar(1, false, '1'))).toBe(true);
    expect(series.put(bar(1, false, '2'))).toBe(true);
    expect(series.put(bar(1, true, '3'))).toBe(true);
    expect(series.put(bar(1, false, '4'))).toBe(false);
    expect(series.put(bar(1, true, '3'))).toBe(false);
    expect(series.bars().map((one) => one.close)).toEqual(['3']);
  });
});
