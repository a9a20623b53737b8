import { expect, test } from 'vitest';
import { createFakeClock } from './fake-clock.ts';

test('time stands still until it is advanced', async () => {
  const clock = createFakeClock(1_000);
  expect(clock.now()).toBe(1_000);
  await clock.advance(250);
  expect(clock.now()).toBe(1_250);
});

test('timers run in order of their due time and see it as now', async () => {
  const clock = createFakeClock(0);
  const seen: [string, number][] = [];
  clock.setTimeout(() => seen.push(['late', clock.now()]), 30);
  clock.setTimeout(() => seen.push(['early', clock.now()]), 10);
  clock.setInterval(() => seen.push(['every', clock.now()]), 20);
  await clock.advance(45);
  expect(seen).toEqual([
    ['early', 10],
    ['every', 20],
    ['late', 30],
    ['every', 40],
  ]);
  expect(clock.pending()).toBe(1);
});

test('a timer set by a promise that another timer settled is honoured', async () => {
  const clock = createFakeClock(0);
  const seen: number[] = [];
  clock.setTimeout(() => {
    void Promise.resolve().then(() => clock.setTimeout(() => seen.push(clock.now()), 5));
  }, 10);
  await clock.advance(20);
  expect(seen).toEqual([15]);
});

test('a cleared timer does not run', async () => {
  const clock = createFakeClock(0);
  let runs = 0;
  clock.clear(clock.setTimeout(() => runs++, 10));
  const interval = clock.setInterval(() => {
    runs++;
    clock.clear(interval);
  }, 10);
  await clock.advance(100);
  expect(runs).toBe(1);
});
