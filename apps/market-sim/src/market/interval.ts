const SECOND = 1_000;
export const MINUTE_MS = 60 * SECOND;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** Weeks start on Monday; the epoch was a Thursday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** Binance's intervals and their lengths in ms; a month has none. Case matters: 1m is a minute, 1M a month. */
const LENGTHS = {
  '1s': SECOND,
  '1m': MINUTE_MS,
  '3m': 3 * MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '30m': 30 * MINUTE_MS,
  '1h': HOUR_MS,
  '2h': 2 * HOUR_MS,
  '4h': 4 * HOUR_MS,
  '6h': 6 * HOUR_MS,
  '8h': 8 * HOUR_MS,
  '12h': 12 * HOUR_MS,
  '1d': DAY_MS,
  '3d': 3 * DAY_MS,
  '1w': WEEK_MS,
  '1M': 30 * DAY_MS,
} as const;

export type Interval = keyof typeof LENGTHS;

export const INTERVALS = Object.keys(LENGTHS) as Interval[];

export const isInterval = (text: string): text is Interval => Object.hasOwn(LENGTHS, text);

/** Length in ms; for a month an estimate that only orders intervals by size. */
export const intervalLengthMs = (interval: Interval): number => LENGTHS[interval];

/**
 * Open time of the bar that `time` falls into. `offsetMs` moves the borders as the time zone variants do
 * (UTC+8: 28,800,000); times stay UTC.
 */
export function barStart(interval: Interval, time: number, offsetMs = 0): number {
  const local = time + offsetMs;
  if (interval === '1M') {
    const date = new Date(local);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) - offsetMs;
  }
  const length = LENGTHS[interval];
  const phase = interval === '1w' ? FIRST_MONDAY_MS : 0;
  return Math.floor((local - phase) / length) * length + phase - offsetMs;
}

/** First moment after the bar that opens at `openTime`: the next bar's open time. */
export function barEnd(interval: Interval, openTime: number, offsetMs = 0): number {
  if (interval !== '1M') return openTime + LENGTHS[interval];
  const date = new Date(openTime + offsetMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) - offsetMs;
}
