import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barEnd, barStart, HOUR_MS, INTERVALS, isInterval } from './interval.ts';

describe('bar borders', () => {
  it('cover time without gap or overlap, whatever the interval and offset', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...INTERVALS),
        fc.integer({ min: 0, max: 2_000_000_000_000 }),
        fc.constantFrom(0, 8 * HOUR_MS, -HOUR_MS),
        (interval, time, offset) => {
          const start = barStart(interval, time, offset);
          const end = barEnd(interval, start, offset);
          expect(start).toBeLessThanOrEqual(time);
          expect(end).toBeGreaterThan(time);
          expect(barStart(interval, end, offset)).toBe(end);
          expect(barStart(interval, end - 1, offset)).toBe(start);
        },
      ),
    );
  });

  it.each([
    ['1w', '2026-11-20T18:00:00Z', '2026-11-16T00:00:00Z'],
    ['1M', '2026-02-28T23:59:59Z', '2026-02-01T00:00:00Z'],
    ['4h', '2026-11-20T18:00:00Z', '2026-11-20T16:00:00Z'],
    ['1d', '2026-11-20T18:00:00Z', '2026-11-20T00:00:00Z'],
  ] as const)('%s of %s opens at %s', (interval, time, open) => {
    expect(barStart(interval, Date.parse(time))).toBe(Date.parse(open));
  });

  it('opens a UTC+8 day at 16:00 UTC', () => {
    const time = Date.parse('2026-11-20T18:00:00Z');
    expect(barStart('1d', time, 8 * HOUR_MS)).toBe(Date.parse('2026-11-20T16:00:00Z'));
  });

  it('knows a minute from a month', () => {
    expect(isInterval('1m') && isInterval('1M')).toBe(true);
    expect(isInterval('1H')).toBe(false);
  });
});
