import { expect, test } from 'vitest';
import { createSteadyClock } from './clock.ts';

function createClocks(wallMs = 1_000_000) {
  const clocks = { wallMs, steadyMs: 500 };
  const clock = createSteadyClock(
    () => clocks.wallMs,
    () => clocks.steadyMs,
  );
  const pass = (ms: number) => {
    clocks.wallMs += ms;
    clocks.steadyMs += ms;
  };
  return { clocks, clock, pass };
}

test('it goes with the wall clock', () => {
  const { clock, pass } = createClocks();
  pass(250);
  expect(clock.now()).toBe(1_000_250);
});

test('a wall clock set back does not stop it: lines are watched, pauses end and keys are sent as before', () => {
  const { clocks, clock, pass } = createClocks();
  const before = clock.now();
  clocks.wallMs -= 3_600_000;
  expect(clock.now()).toBe(before);
  pass(350);
  expect(clock.now()).toBe(before + 350);
});

test('a wall clock set forward, or a machine that slept, is followed', () => {
  const { clocks, clock, pass } = createClocks();
  const before = clock.now();
  clocks.wallMs += 3_600_000;
  expect(clock.now()).toBe(before + 3_600_000);
  pass(1_000);
  expect(clock.now()).toBe(before + 3_601_000);
});
