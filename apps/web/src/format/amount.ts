/** Decimal texts stay texts: Intl rounds them exactly, without a float in between. */
type DecimalText = Intl.StringNumericLiteral;

const FRACTION_DIGITS: Readonly<Record<string, number>> = { USDT: 2, SOL: 4 };

const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(digits: number, sign: boolean): Intl.NumberFormat {
  const key = `${digits}${sign ? '+' : ''}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat('en-US', {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      signDisplay: sign ? 'exceptZero' : 'auto',
    });
    formats.set(key, format);
  }
  return format;
}

/** `12,345.68`: an amount of a quote asset (USDT two digits, SOL four). */
export function formatAmount(amount: string | number, asset: string): string {
  return numberFormat(FRACTION_DIGITS[asset] ?? 2, false).format(amount as DecimalText);
}

/** `+12.30`: a profit or loss in a quote asset. */
export function formatProfit(amount: string | number, asset: string): string {
  return numberFormat(FRACTION_DIGITS[asset] ?? 2, true).format(amount as DecimalText);
}

const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';

/**
 * A price with about four telling digits whatever its size: `63,120.50`, `1.2345`, `0.04213`, and
 * `0.0₆2812` (six zeros after the point) for a young token.
 */
export function formatPrice(price: string | number): string {
  const value = Number(price);
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1_000) return numberFormat(2, false).format(value);
  if (size >= 1) return numberFormat(4, false).format(value);
  const leadingZeros = -Math.floor(Math.log10(size)) - 1;
  if (leadingZeros < 4) return value.toFixed(leadingZeros + 4);
  const digits = value.toFixed(leadingZeros + 4).split('.')[1] ?? '';
  const count = [...String(leadingZeros)].map((digit) => SUBSCRIPTS[Number(digit)]).join('');
  return `${value < 0 ? '-' : ''}0.0${count}${digits.slice(leadingZeros)}`;
}

/** A quantity of the base asset: grouped, at most six digits after the point, no trailing zeros. */
export function formatQuantity(quantity: string | number): string {
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 }).format(quantity as DecimalText);
}

/** `1.2K`, `3.45M`: big figures where the order of magnitude matters. */
export function formatCompact(value: number): string {
  return new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** `1,234`: a count. */
export function formatCount(value: number): string {
  return numberFormat(0, false).format(value);
}
