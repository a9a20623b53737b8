import { HOUR_MS, isInterval } from '../market/interval.ts';
import type { Series } from '../market/market-source.ts';

const KLINE_STREAM = /^([a-z0-9]{1,20})@kline_(\d{1,2}[smhdwM])(@\+08:00)?$/;

/** The series behind `btcusdt@kline_1m` or its UTC+8 variant; undefined for any other stream name. */
export function parseKlineStream(name: string): Series | undefined {
  const match = KLINE_STREAM.exec(name);
  const [, symbol, interval, zone] = match ?? [];
  if (!symbol || !interval || !isInterval(interval)) return undefined;
  return { symbol: symbol.toUpperCase(), interval, offsetMs: zone ? 8 * HOUR_MS : 0 };
}
