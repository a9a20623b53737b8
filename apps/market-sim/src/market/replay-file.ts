import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { barEnd, type Interval, isInterval } from './interval.ts';
import { DECIMALS, type Kline } from './kline.ts';

/** A recording cannot be used. The message names the file and the line. */
export class ReplayFileError extends Error {
  override name = 'ReplayFileError';
}

export interface ReplayFile {
  symbol: string;
  interval: Interval;
  bars: Kline[];
  /** Most decimals any price or amount of the file has, trailing zeros aside. */
  priceDecimals: number;
  quantityDecimals: number;
}

/** `BTCUSDT-1m-2023-01.csv.gz`: symbol, interval, then anything. */
const FILE_NAME = /^([A-Z0-9]{2,20})-(\d{1,2}[smhdwM])(?:-[^/]*)?\.csv(\.gz)?$/;

/** Columns of the exchange's own files, which have no header. */
const COLUMNS = [
  'open_time',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'close_time',
  'quote_volume',
  'trades',
  'taker_buy_base',
  'taker_buy_quote',
];
const REQUIRED = ['open', 'high', 'low', 'close', 'volume'];
/** Other names of the same column. */
const SYNONYMS: Readonly<Record<string, string>> = { timestamp: 'open_time', date: 'open_time' };
/** From here on a time is in microseconds. */
const FIRST_MICROSECOND_TIME = 1e15;

/** Reads one recording; symbol and interval come from the file's name. */
export async function readReplayFile(path: string): Promise<ReplayFile> {
  const name = basename(path);
  const [, symbol, interval, zipped] = FILE_NAME.exec(name) ?? [];
  if (!symbol || !interval || !isInterval(interval)) {
    throw new ReplayFileError(`${name}: the name must be like BTCUSDT-1m-2023-01.csv or .csv.gz`);
  }
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
    if (zipped) bytes = gunzipSync(bytes);
  } catch (error) {
    throw new ReplayFileError(`${path} cannot be read: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
  return { symbol, interval, ...parseRows(bytes.toString('utf8'), interval, name) };
}

/**
 * Rows with or without a header; times in ms, us or as `2022-12-01 00:00:00` UTC. Columns a file does not
 * have are zero: what nobody recorded cannot be known.
 */
export function parseRows(
  text: string,
  interval: Interval,
  name: string,
): Pick<ReplayFile, 'bars' | 'priceDecimals' | 'quantityDecimals'> {
  const lines = text.split('\n');
  const first = lines[0]?.trim().split(',') ?? [];
  const hasHeader = first.some((cell) => /[a-z]{3}/i.test(cell));
  const columns = hasHeader ? first.map((cell) => SYNONYMS[cell] ?? cell) : COLUMNS;
  const at = (column: string) => columns.indexOf(column);
  if (at('open_time') < 0 || REQUIRED.some((column) => at(column) < 0)) {
    throw new ReplayFileError(`${name}: the header needs open_time, ${REQUIRED.join(', ')}`);
  }
  const used = { price: 0, quantity: 0 };
  const bars: Kline[] = [];
  for (let index = hasHeader ? 1 : 0; index < lines.length; index += 1) {
    const line = lines[index]?.trim();
    if (!line) continue;
    try {
      bars.push(parseRow(line.split(','), at, interval, used));
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      throw new ReplayFileError(`${name}, line ${index + 1}: ${reason}`, { cause: error });
    }
  }
  if (bars.length === 0) throw new ReplayFileError(`${name} has no rows`);
  return { bars, priceDecimals: used.price, quantityDecimals: used.quantity };
}

function parseRow(
  cells: readonly string[],
  at: (column: string) => number,
  interval: Interval,
  used: { price: number; quantity: number },
): Kline {
  const cell = (column: string) => (at(column) < 0 ? '0' : (cells[at(column)] ?? ''));
  const price = (column: string) => {
    used.price = Math.max(used.price, decimalsOf(cell(column)));
    return Number(scaled(cell(column)));
  };
  const openTime = time(cell('open_time'));
  const closeTime = at('close_time') < 0 || cell('close_time') === '' ? 0 : time(cell('close_time'));
  used.quantity = Math.max(used.quantity, decimalsOf(cell('volume')));
  return {
    openTime,
    closeTime: closeTime === 0 ? barEnd(interval, openTime) - 1 : closeTime,
    open: price('open'),
    high: price('high'),
    low: price('low'),
    close: price('close'),
    volume: scaled(cell('volume')),
    quoteVolume: scaled(cell('quote_volume')),
    trades: Number(scaled(cell('trades')) / 100_000_000n),
    takerBaseVolume: scaled(cell('taker_buy_base')),
    takerQuoteVolume: scaled(cell('taker_buy_quote')),
    firstTradeId: -1,
    lastTradeId: -1,
  };
}

function time(text: string): number {
  if (/^\d{10,17}$/.test(text)) {
    const value = Number(text);
    return value >= FIRST_MICROSECOND_TIME ? Math.floor(value / 1_000) : value;
  }
  const value = Date.parse(`${text.replace(' ', 'T')}Z`);
  if (Number.isNaN(value)) throw new Error(`"${text}" is not a time`);
  return value;
}

const decimalsOf = (text: string): number => (/\.(\d*?)0*$/.exec(text)?.[1] ?? '').length;

/** Decimal text to an integer of 1e-8. Float texts with more digits or an exponent are rounded. */
function scaled(text: string): bigint {
  const match = /^(\d+)(?:\.(\d*))?$/.exec(text);
  const [, whole, fraction = ''] = match ?? [];
  if (whole !== undefined && fraction.length <= DECIMALS) {
    return BigInt(whole + fraction.padEnd(DECIMALS, '0'));
  }
  const value = Number(text);
  if (text === '' || !Number.isFinite(value) || value < 0) throw new Error(`"${text}" is not an amount`);
  return BigInt(value.toFixed(DECIMALS).replace('.', ''));
}
