/**
 * An exact amount of money, a price or a size: a whole number of 1e-18. Additions are exact; products and
 * quotients say which way they round. Wire and database carry the decimal text.
 */
export type Amount = bigint;

const DECIMALS = 18;
export const ONE: Amount = 10n ** 18n;
const HUNDRED: Amount = 100n * ONE;
const FORM = /^(-?)(\d+)(?:\.(\d+))?$/;

/** Reads decimal text. Throws RangeError on anything else, or on digits beyond the 18th that are not zero. */
export function parseAmount(text: string): Amount {
  const parts = FORM.exec(text);
  if (parts === null) throw new RangeError(`not a decimal number: ${text.slice(0, 40)}`);
  const [, sign = '', whole = '0', fraction = ''] = parts;
  if (fraction.length > DECIMALS && /[1-9]/.test(fraction.slice(DECIMALS))) {
    throw new RangeError(`more than ${DECIMALS} decimals: ${text.slice(0, 60)}`);
  }
  const value = BigInt(whole + fraction.slice(0, DECIMALS).padEnd(DECIMALS, '0'));
  return sign === '-' ? -value : value;
}

/** Decimal text without trailing zeros: `1.5`, `-0.000001`, `0`. */
export function formatAmount(amount: Amount): string {
  const negative = amount < 0n;
  const digits = (negative ? -amount : amount).toString().padStart(DECIMALS + 1, '0');
  const whole = digits.slice(0, -DECIMALS);
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, '');
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** a / b of whole numbers, towards negative infinity; b > 0. */
const floorDivide = (a: bigint, b: bigint): bigint => (a >= 0n ? a / b : -((-a + b - 1n) / b));

/** a * b, rounded down. */
export const multiplyDown = (a: Amount, b: Amount): Amount => floorDivide(a * b, ONE);
/** a / b, rounded down; b > 0. */
export const divideDown = (a: Amount, b: Amount): Amount => floorDivide(a * ONE, b);

/** The largest multiple of `step` not above `amount`; `amount` itself when step is 0. */
export const floorToStep = (amount: Amount, step: Amount): Amount =>
  step <= 0n ? amount : floorDivide(amount, step) * step;
/** The smallest multiple of `step` not below `amount`; `amount` itself when step is 0. */
export const ceilToStep = (amount: Amount, step: Amount): Amount =>
  step <= 0n ? amount : -floorDivide(-amount, step) * step;

/**
 * A plain number (a setting such as 2.5 percent) as the decimal that it prints as, or to 18 places when it has more
 * of them: never throws for a number below 1e21.
 */
export const amountOfNumber = (value: number): Amount => {
  const text = String(value);
  const exact = /^-?\d+(\.\d{1,18})?$/.test(text);
  return parseAmount(exact ? text : value.toFixed(DECIMALS));
};

/** `percent` of an amount, rounded down. */
export const percentOf = (amount: Amount, percent: number): Amount =>
  floorDivide(amount * amountOfNumber(percent), HUNDRED);

/** Lowest price that is a gain of at least `percent` over `price`. */
export const priceAtGain = (price: Amount, percent: number): Amount =>
  -floorDivide(-price * (HUNDRED + amountOfNumber(percent)), HUNDRED);

/** Highest price that is a loss of at least `percent` under `price`; never below 0. */
export const priceAtLoss = (price: Amount, percent: number): Amount => {
  const rest = HUNDRED - amountOfNumber(percent);
  return rest <= 0n ? 0n : floorDivide(price * rest, HUNDRED);
};

/** For figures and ratios only, never for money. */
export const toNumber = (amount: Amount): number => Number(formatAmount(amount));
