import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRollingDeviation } from './rolling-deviation.ts';

const price = fc.double({ min: 1e-6, max: 1e6, noNaN: true });

test('it is the population deviation of the window, whatever came before', () => {
  fc.assert(
    fc.property(
      fc.array(price, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 12 }),
      (values, period) => {
        const deviation = createRollingDeviation(period);
        const given = values.map((value) => deviation.update(value));
        given.forEach((actual, index) => {
          if (index + 1 < period) {
            expect(actual).toBeNaN();
            return;
          }
          const window = values.slice(index + 1 - period, index + 1);
          const mean = window.reduce((sum, value) => sum + value, 0) / period;
          const variance = window.reduce((sum, value) => sum + (value - mean) ** 2, 0) / period;
          expect(Math.abs(actual - Math.sqrt(variance))).toBeLessThanOrEqual(
            1e-9 * (1 + Math.max(...window)),
          );
          const alone = createRollingDeviation(period);
          expect(window.map((value) => alone.update(value)).at(-1)).toBe(actual);
        });
      },
    ),
  );
});

test('equal values deviate by exactly nothing', () => {
  fc.assert(
    fc.property(price, fc.integer({ min: 1, max: 1_000 }), (value, period) => {
      const deviation = createRollingDeviation(period);
      let last = Number.NaN;
      for (let index = 0; index < period + 3; index++) last = deviation.update(value);
      expect(last).toBe(0);
    }),
  );
});
