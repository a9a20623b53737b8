import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRepeat } from './repeat.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A work whose runs end when told. */
function createWork() {
  const runs: (() => void)[] = [];
  const work = () => new Promise<void>((resolve) => void runs.push(resolve));
  const end = async () => {
    runs.at(-1)?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { runs, work, end };
}

test('it runs at once, and again so long after each end', async () => {
  const { runs, work, end } = createWork();
  createRepeat(1_000, work);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(runs).toHaveLength(1);
  await end();
  await vi.advanceTimersByTimeAsync(999);
  expect(runs).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(runs).toHaveLength(2);
});

test('a burst of requests is one run; those that come while it runs are one more', async () => {
  const { runs, work, end } = createWork();
  const repeat = createRepeat(60_000, work);
  await end();
  for (let index = 0; index < 10; index++) repeat.request();
  await vi.advanceTimersByTimeAsync(50);
  expect(runs).toHaveLength(2);
  repeat.request();
  repeat.request();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(runs).toHaveLength(2);
  await end();
  await vi.advanceTimersByTimeAsync(50);
  expect(runs).toHaveLength(3);
});

test('a stop waits for the run and lets none follow', async () => {
  const { runs, work, end } = createWork();
  const repeat = createRepeat(10, work);
  repeat.request();
  let stopped = false;
  const stopping = repeat.stop().then(() => {
    stopped = true;
  });
  await vi.advanceTimersByTimeAsync(100);
  expect(stopped).toBe(false);
  await end();
  await stopping;
  repeat.request();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(runs).toHaveLength(1);
});
