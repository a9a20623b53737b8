import { expect, test } from 'vitest';
import { formatAmount, formatCompact, formatPrice, formatProfit, formatQuantity } from './amount.ts';

test('amounts are rounded from their decimal text, not from a float', () => {
  expect(formatAmount('9007199254740993.129', 'USDT')).toBe('9,007,199,254,740,993.13');
  expect(formatAmount('1.23456', 'SOL')).toBe('1.2346');
  expect(formatAmount('0', 'USDT')).toBe('0.00');
});

test('profits carry their sign, nothing does not', () => {
  expect(formatProfit('12.3', 'USDT')).toBe('+12.30');
  expect(formatProfit('-0.5', 'SOL')).toBe('-0.5000');
  expect(formatProfit('0', 'USDT')).toBe('0.00');
  expect(formatProfit('-0.001', 'USDT')).toBe('0.00');
});

test.each([
  ['63120.5', '63,120.50'],
  ['1.23456', '1.2346'],
  ['0.0421337', '0.04213'],
  ['0.00000002812', '0.0₇2812'],
  ['0.0000000000012345', '0.0₁₁1235'],
  ['0', '0'],
  ['not a number', '–'],
])('a price of %s reads %s', (price, words) => {
  expect(formatPrice(price)).toBe(words);
});

test('quantities lose no leading digits and show no trailing zeros', () => {
  expect(formatQuantity('35766971.127')).toBe('35,766,971.127');
  expect(formatQuantity('0.00792000')).toBe('0.00792');
});

test('big figures are shortened', () => {
  expect(formatCompact(1_234_567)).toBe('1.2M');
});
