/** `+3.21%`; a loss has a minus, zero has no sign. */
export function formatPercent(percent: number, digits = 2): string {
  if (!Number.isFinite(percent)) return '–';
  const rounded = Number(percent.toFixed(digits));
  const sign = rounded > 0 ? '+' : '';
  return `${sign}${rounded.toFixed(digits)}%`;
}
