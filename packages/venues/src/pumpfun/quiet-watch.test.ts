import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createQuietWatch } from './quiet-watch.ts';

const LIMITS = { floorMs: 60_000, ceilingMs: 180_000, minArrivals: 10 };

function heardEvery(intervalMs: number, count: number) {
  const watch = createQuietWatch(LIMITS);
  watch.restart(0);
  for (let at = 1; at <= count; at += 1) watch.heard(at * intervalMs);
  return watch;
}

test('before the rate is known only a long silence counts', () => {
  const watch = heardEvery(1_000, 9);
  expect(watch.thresholdMs()).toBe(180_000);
  expect(watch.isSuspicious(9_000 + 179_999)).toBe(false);
  expect(watch.isSuspicious(9_000 + 180_000)).toBe(true);
});

test('twenty mean intervals, within the limits', () => {
  // 16 a minute, the slowest recorded: a gap of 43 s, recorded too, is none.
  expect(heardEvery(3_750, 100).thresholdMs()).toBeCloseTo(75_000, -3);
  // 42 a minute.
  expect(heardEvery(1_429, 1_000).thresholdMs()).toBe(60_000);
  expect(heardEvery(60_000, 20).thresholdMs()).toBe(180_000);
});

test('a new connection knows no rate', () => {
  const watch = heardEvery(1_000, 100);
  watch.restart(200_000);
  expect(watch.arrivals()).toBe(0);
  expect(watch.thresholdMs()).toBe(180_000);
});

test('the threshold stays within its limits, whatever comes when', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 10_000_000 }), { maxLength: 50 }), (times) => {
      const watch = createQuietWatch(LIMITS);
      watch.restart(0);
      for (const at of times) {
        watch.heard(at);
        expect(watch.thresholdMs()).toBeGreaterThanOrEqual(60_000);
        expect(watch.thresholdMs()).toBeLessThanOrEqual(180_000);
      }
    }),
  );
});
