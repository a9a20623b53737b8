import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  amountOfNumber,
  ceilToStep,
  floorToStep,
  formatAmount,
  parseAmount,
  percentOf,
  priceAtGain,
  priceAtLoss,
} from './amount.ts';

const anyAmount = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n });

describe('amount', () => {
  it('is its text and back, for every amount', () => {
    fc.assert(
      fc.property(anyAmount, (amount) => {
        expect(parseAmount(formatAmount(amount))).toBe(amount);
      }),
    );
  });

  it('is made of any number a setting may hold: what lies beyond its digits is rounded away', () => {
    expect(amountOfNumber(1.2345678901234567e-6)).toBe(1_234_567_890_123n);
    expect(amountOfNumber(1e-300)).toBe(0n);
    expect(amountOfNumber(33.4)).toBe(parseAmount('33.4'));
    fc.assert(
      fc.property(fc.double({ min: 0, max: 100_000, noNaN: true }), (value) => {
        expect(amountOfNumber(value) >= 0n).toBe(true);
      }),
    );
  });

  it('reads and writes decimal text', () => {
    expect(formatAmount(parseAmount('0010.5000'))).toBe('10.5');
    expect(formatAmount(parseAmount('-0.000000000000000001'))).toBe('-0.000000000000000001');
    expect(formatAmount(parseAmount('1.0000000000000000000000'))).toBe('1');
  });

  it.each(['', '.5', '5.', '1e3', 'NaN', ' 1', '1,5', '--1', '0.0000000000000000001'])(
    'refuses %j',
    (text) => {
      expect(() => parseAmount(text)).toThrow(RangeError);
    },
  );

  it('floors and ceils to steps around the amount', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 24n }),
        fc.bigInt({ min: 1n, max: 10n ** 20n }),
        (amount, step) => {
          const low = floorToStep(amount, step);
          const high = ceilToStep(amount, step);
          expect(low % step).toBe(0n);
          expect(high % step).toBe(0n);
          expect(low <= amount && amount <= high && high - low <= step).toBe(true);
        },
      ),
    );
  });

  it('takes percents of settings exactly', () => {
    expect(percentOf(parseAmount('200'), 2.5)).toBe(parseAmount('5'));
    expect(priceAtGain(parseAmount('100'), 0.1)).toBe(parseAmount('100.1'));
    expect(priceAtLoss(parseAmount('100'), 5)).toBe(parseAmount('95'));
    expect(priceAtLoss(parseAmount('100'), 100)).toBe(0n);
    expect(percentOf(parseAmount('1'), 1e-7)).toBe(parseAmount('0.000000001'));
  });
});
