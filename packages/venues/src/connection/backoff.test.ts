import { expect, test } from 'vitest';
import { backoffDelayMs } from './backoff.ts';

const limits = { firstMs: 500, maxMs: 8_000 };

test('delays double up to the largest', () => {
  expect([0, 1, 2, 3, 4, 5, 1_000].map((attempt) => backoffDelayMs(attempt, limits, 1))).toEqual([
    500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000,
  ]);
});

test('jitter takes away at most half', () => {
  expect(backoffDelayMs(4, limits, 0)).toBe(4_000);
  expect(backoffDelayMs(4, limits, 0.5)).toBe(6_000);
});
