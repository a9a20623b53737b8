import { existsSync } from 'node:fs';
import { type Candle, TIMEFRAME_MS, type Timeframe } from '@onefeed/contracts';
import { aggregateCandles } from '@onefeed/domain';
import { describe, expect, test } from 'vitest';
import { DATA, readRows } from './recorded-data.ts';

const KLINES = `${DATA}/binance_klines`;
const MONTHS = [
  ['BTCUSDT', '2023-03'],
  ['BTCUSDT', '2023-11'],
  ['ETHUSDT', '2023-03'],
  ['ETHUSDT', '2023-07'],
  ['ETHUSDT', '2023-08'],
  ['SOLUSDT', '2023-02'],
  ['SOLUSDT', '2023-03'],
  ['SOLUSDT', '2023-07'],
] as const;
const LARGER = ['5m', '15m', '1h', '4h', '1d'] as const;

/**
 * The one minute that the exchange's 1m file lacks while its larger candles contain the trades of it:
 * 2023-02-14 16:39 of SOLUSDT. Each larger candle around it must differ, and nothing else may.
 */
const LOST_MINUTE = { instrument: 'SOLUSDT', at: Date.UTC(2023, 1, 14, 16, 39) };

const toCandle = (row: readonly string[], instrument: string, timeframe: Timeframe): Candle => ({
  venue: 'binance',
  instrument,
  timeframe,
  openTime: Number(row[0]),
  open: row[1] ?? '',
  high: row[2] ?? '',
  low: row[3] ?? '',
  close: row[4] ?? '',
  volume: row[5] ?? '',
  quoteVolume: row[7] ?? '',
  trades: Number(row[8]),
  closed: true,
});

/** The figures that a file of the timeframe has: those of 5m are floats and fewer. */
function figuresOf(candle: Candle, timeframe: Timeframe): string {
  const { open, high, low, close, volume, quoteVolume, trades } = candle;
  if (timeframe !== '5m') return [open, high, low, close, volume, quoteVolume, trades].join();
  return [open, high, low, close, volume, quoteVolume].map((text) => Number(text).toPrecision(12)).join();
}

function recorded(instrument: string, timeframe: Timeframe): Candle[] {
  const rows = readRows(`${KLINES}/${timeframe}/${instrument}-${timeframe}-2023.csv.gz`);
  if (timeframe !== '5m') return rows.map((row) => toCandle(row, instrument, timeframe));
  return rows
    .slice(1)
    .map(([time = '', open = '', high = '', low = '', close = '', volume = '', quote = '']) => {
      const openTime = String(Date.parse(`${time.replace(' ', 'T')}Z`));
      return toCandle([openTime, open, high, low, close, volume, '', quote, '0'], instrument, timeframe);
    });
}

describe.skipIf(!existsSync(KLINES))(
  'larger candles out of 1m against the recorded ones (needs ../shared/data)',
  () => {
    test.each(MONTHS)('%s %s', (instrument, month) => {
      const minutes = readRows(`${KLINES}/1m/${instrument}-1m-${month}.csv.gz`).map((row) =>
        toCandle(row, instrument, '1m'),
      );
      const from = Date.parse(`${month}-01T00:00:00Z`);
      const to = minutes.at(-1)?.openTime ?? 0;
      for (const timeframe of LARGER) {
        const length = TIMEFRAME_MS[timeframe];
        const built = new Map(
          aggregateCandles(minutes, timeframe).map((candle) => [
            candle.openTime,
            figuresOf(candle, timeframe),
          ]),
        );
        const theirs = new Map(
          recorded(instrument, timeframe)
            .filter(({ openTime }) => openTime >= from && openTime <= to)
            .map((candle) => [candle.openTime, figuresOf(candle, timeframe)]),
        );
        expect(built.size, `${timeframe} candles`).toBeGreaterThan(20);
        const different = [...new Set([...built.keys(), ...theirs.keys()])].filter(
          (openTime) => built.get(openTime) !== theirs.get(openTime),
        );
        const isLost =
          instrument === LOST_MINUTE.instrument && LOST_MINUTE.at >= from && LOST_MINUTE.at <= to;
        expect(
          different.map((openTime) => new Date(openTime).toISOString()),
          timeframe,
        ).toEqual(isLost ? [new Date(LOST_MINUTE.at - (LOST_MINUTE.at % length)).toISOString()] : []);
      }
    });
  },
);
