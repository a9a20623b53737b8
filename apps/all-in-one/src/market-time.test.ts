import fc from 'fast-check';
import { expect, test } from 'vitest';
import { continueTime, simulatedAt } from './market-time.ts';

const NOW = 1_700_000_000_000;

test("a new market starts at the wall clock's time", () => {
  expect(continueTime(undefined, 10, NOW)).toEqual({ startedAt: NOW, speed: 10 });
});

test('a market that ran ahead goes on shortly after the last noted time, however long nothing ran', () => {
  const simulated = NOW + 3_600_000;
  for (const pause of [0, 60_000, 600_000]) {
    const time = continueTime({ simulated }, 10, NOW + pause);
    expect(simulatedAt(time, NOW + pause)).toBeGreaterThan(simulated);
    expect(simulatedAt(time, NOW + pause)).toBeLessThanOrEqual(simulated + 101_000);
  }
});

test('a market that was overtaken by the wall clock joins it', () => {
  expect(simulatedAt(continueTime({ simulated: NOW }, 10, NOW + 86_400_000), NOW + 86_400_000)).toBe(
    NOW + 86_400_000,
  );
});

test('time never runs backwards, whatever the speeds of the starts', () => {
  const run = fc.record({
    speed: fc.integer({ min: 1, max: 1_000 }),
    ranMs: fc.integer({ min: 0, max: 3_600_000 }),
    pausedMs: fc.integer({ min: 0, max: 86_400_000 }),
  });
  fc.assert(
    fc.property(fc.array(run, { minLength: 2, maxLength: 6 }), (runs) => {
      let wall = NOW;
      let simulated: number | undefined;
      for (const { speed, ranMs, pausedMs } of runs) {
        const time = continueTime(simulated === undefined ? undefined : { simulated }, speed, wall);
        expect(time.startedAt).toBeLessThanOrEqual(wall);
        if (simulated !== undefined && time.startedAt > 0) {
          expect(simulatedAt(time, wall)).toBeGreaterThanOrEqual(simulated);
        }
        wall += ranMs;
        simulated = simulatedAt(time, wall);
        wall += pausedMs;
      }
    }),
  );
});
