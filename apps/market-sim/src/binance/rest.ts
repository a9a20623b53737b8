import { HOUR_MS, isInterval, MINUTE_MS } from '../market/interval.ts';
import { decimal8, type Kline } from '../market/kline.ts';
import { queryKlines } from '../market/kline-query.ts';
import type { MarketSource } from '../market/market-source.ts';
import type { TradedPair } from '../market/traded-pair.ts';
import { exchangeInfo } from './exchange-info.ts';
import {
  illegalCharacters,
  invalidInterval,
  invalidSymbol,
  invalidValue,
  missingParameter,
  RestError,
} from './rest-error.ts';
import { MAX_WEIGHT_PER_MINUTE, type WeightMeter } from './weight-meter.ts';

const SYMBOL_PATTERN = '^[A-Z0-9-_.]{1,20}$';
const SYMBOLS_PATTERN = '^\\[("[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}){0,1}\\]$';
const NUMBER_PATTERN = '^[0-9]{1,20}$';
const DEFAULT_LIMIT = 500;
const MAX_LIMIT = 1_000;
/** Times from here on are microseconds: as milliseconds they would be the year 33658. */
const FIRST_MICROSECOND_TIME = 1e15;

export interface RestRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  /** Whom the weight is charged to. */
  address: string;
  /** `X-MBX-TIME-UNIT: MICROSECOND`. */
  microseconds: boolean;
}

export interface RestAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface RestDeps {
  source: MarketSource;
  /** Venue time, ms. */
  now: () => number;
  weights: WeightMeter;
}

interface Route {
  weight: number;
  answer(request: RestRequest): unknown;
}

/** Answers Binance's public market-data requests. */
export function createBinanceRest({ source, now, weights }: RestDeps) {
  const inUnit = (time: number, { microseconds }: RestRequest) => (microseconds ? time * 1_000 : time);
  const klines = (request: RestRequest) => klineRows(source, request, now());
  const routes: Readonly<Record<string, Route>> = {
    '/api/v3/ping': { weight: 1, answer: () => ({}) },
    '/api/v3/time': { weight: 1, answer: (request) => ({ serverTime: inUnit(now(), request) }) },
    '/api/v3/exchangeInfo': {
      weight: 20,
      answer: (request) => exchangeInfo(selectSymbols(source.symbols, request.query), inUnit(now(), request)),
    },
    '/api/v3/klines': { weight: 2, answer: klines },
    '/api/v3/uiKlines': { weight: 2, answer: klines },
  };

  return (request: RestRequest): RestAnswer => {
    const headers: Record<string, string> = { 'content-type': 'application/json;charset=UTF-8' };
    try {
      const route = routes[request.path];
      if (!route || request.method !== 'GET') {
        const text = `Path ${request.path}, Method ${request.method} is invalid`;
        throw new RestError(404, -1000, text);
      }
      const { used, retryAfterSeconds } = weights.add(request.address, route.weight);
      headers['x-mbx-used-weight'] = String(used);
      headers['x-mbx-used-weight-1m'] = String(used);
      if (used > MAX_WEIGHT_PER_MINUTE) {
        headers['retry-after'] = String(retryAfterSeconds);
        throw tooMuchWeight();
      }
      return { status: 200, headers, body: JSON.stringify(route.answer(request)) };
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      const body = JSON.stringify({ code: error.code, msg: error.message });
      return { status: error.status, headers, body };
    }
  };
}

export const tooMuchWeight = (): RestError =>
  new RestError(
    429,
    -1003,
    `Too much request weight used; current limit is ${MAX_WEIGHT_PER_MINUTE} request weight per 1 MINUTE. ` +
      'Please use WebSocket Streams for live updates to avoid polling the API.',
  );

function selectSymbols(symbols: readonly TradedPair[], query: URLSearchParams): readonly TradedPair[] {
  const find = (name: string): TradedPair => {
    const found = symbols.find(({ symbol }) => symbol === name);
    if (!found) throw invalidSymbol();
    return found;
  };
  const one = query.get('symbol');
  const many = query.get('symbols');
  if (one !== null && many !== null) {
    throw new RestError(400, -1128, 'Combination of optional parameters invalid.');
  }
  if (one !== null) {
    if (!new RegExp(SYMBOL_PATTERN).test(one)) throw illegalCharacters('symbol', SYMBOL_PATTERN);
    return [find(one)];
  }
  if (many === null) return symbols;
  if (!new RegExp(SYMBOLS_PATTERN).test(many)) throw illegalCharacters('symbols', SYMBOLS_PATTERN);
  return (JSON.parse(many) as string[]).map(find);
}

function klineRows(source: MarketSource, { query, microseconds }: RestRequest, now: number): unknown[] {
  const symbol = query.get('symbol');
  if (!symbol) throw missingParameter('symbol');
  if (!new RegExp(SYMBOL_PATTERN).test(symbol)) throw illegalCharacters('symbol', SYMBOL_PATTERN);
  const interval = query.get('interval');
  if (!interval) throw missingParameter('interval');
  if (!isInterval(interval)) throw invalidInterval();
  if (!source.symbols.some((spec) => spec.symbol === symbol)) throw invalidSymbol();
  const series = { symbol, interval, offsetMs: zoneOffset(query.get('timeZone')) };
  if (!source.has(series)) return [];
  const startTime = timeParameter(query, 'startTime');
  const endTime = timeParameter(query, 'endTime');
  const range = {
    limit: limitParameter(query),
    ...(startTime === undefined ? {} : { startTime }),
    ...(endTime === undefined ? {} : { endTime }),
  };
  return queryKlines(source, series, range, now).map((bar) => klineRow(bar, microseconds));
}

function limitParameter(query: URLSearchParams): number {
  const limit = numberParameter(query, 'limit') ?? DEFAULT_LIMIT;
  if (limit < 1) throw invalidValue('limit');
  return Math.min(limit, MAX_LIMIT);
}

function timeParameter(query: URLSearchParams, name: string): number | undefined {
  const time = numberParameter(query, name);
  return time !== undefined && time >= FIRST_MICROSECOND_TIME ? Math.floor(time / 1_000) : time;
}

function numberParameter(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (text === '') throw missingParameter(name);
  if (!new RegExp(NUMBER_PATTERN).test(text)) throw illegalCharacters(name, NUMBER_PATTERN);
  return Number(text);
}

/** `8`, `-1:00`, `05:45`: hours and minutes between -12:00 and +14:00. */
function zoneOffset(text: string | null): number {
  if (text === null) return 0;
  const match = /^([+-]?)(\d{1,2})(?::(\d{2}))?$/.exec(text.trim());
  if (!match) throw invalidValue('timeZone');
  const size = Number(match[2]) * HOUR_MS + Number(match[3] ?? 0) * MINUTE_MS;
  const offset = match[1] === '-' ? -size : size;
  if (offset < -12 * HOUR_MS || offset > 14 * HOUR_MS) throw invalidValue('timeZone');
  return offset;
}

/** The 12 values of a REST bar. */
export function klineRow(bar: Kline, microseconds: boolean): unknown[] {
  return [
    microseconds ? bar.openTime * 1_000 : bar.openTime,
    decimal8(bar.open),
    decimal8(bar.high),
    decimal8(bar.low),
    decimal8(bar.close),
    decimal8(bar.volume),
    microseconds ? bar.closeTime * 1_000 + 999 : bar.closeTime,
    decimal8(bar.quoteVolume),
    bar.trades,
    decimal8(bar.takerBaseVolume),
    decimal8(bar.takerQuoteVolume),
    '0',
  ];
}
