import { type Static, Type } from 'typebox';

/** The timeframes of the platform, shortest first. */
export const TIMEFRAMES = ['1m', '5m', '15m', '1h', '4h', '1d'] as const;

export const Timeframe = Type.Union([
  Type.Literal('1m'),
  Type.Literal('5m'),
  Type.Literal('15m'),
  Type.Literal('1h'),
  Type.Literal('4h'),
  Type.Literal('1d'),
]);
export type Timeframe = Static<typeof Timeframe>;

/** Length of a candle in milliseconds. Every one divides a UTC day, so open times are multiples of it. */
export const TIMEFRAME_MS: Readonly<Record<Timeframe, number>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
};
