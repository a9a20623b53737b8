import { describe, expect, it } from 'vitest';
import { createBackoff } from './backoff.ts';

describe('backoff', () => {
  it('doubles up to its maximum and starts again after a success', () => {
    const backoff = createBackoff({ minMs: 100, maxMs: 1_000, random: () => 1 });
    expect(Array.from({ length: 6 }, () => backoff.nextMs())).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    backoff.reset();
    expect(backoff.nextMs()).toBe(100);
  });

  it('never waits less than half of its delay', () => {
    const backoff = createBackoff({ minMs: 100, maxMs: 1_000, random: () => 0 });
    expect([backoff.nextMs(), backoff.nextMs()]).toEqual([50, 100]);
  });
});
