import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { klineRow } from '../binance/rest.ts';
import { MINUTE_MS } from './interval.ts';
import { queryKlines } from './kline-query.ts';
import { parseRows, readReplayFile } from './replay-file.ts';
import { createReplayMarket } from './replay-market.ts';

// Much work or real sockets: a busy machine takes longer than the default allows.
vi.setConfig({ testTimeout: 30_000 });

const START = Date.UTC(2023, 2, 24, 12, 0);
/** Five minutes with a hole of two and one minute without trades. */
const ROWS = [
  [0, '10.00', '12.00', '9.00', '11.00', '5.0', '52.5', 4],
  [1, '11.00', '11.00', '11.00', '11.00', '0', '0', 0],
  [2, '11.50', '13.00', '11.40', '12.90', '2.5', '30.1', 2],
  [5, '12.00', '12.10', '8.00', '8.50', '1.25', '12.2', 3],
].map(([minute, open, high, low, close, volume, quote, trades]) => {
  const openTime = START + Number(minute) * MINUTE_MS;
  return [openTime, open, high, low, close, volume, openTime + MINUTE_MS - 1, quote, trades, '1', '10', '0'];
});
const CSV = `${ROWS.map((row) => row.join(',')).join('\n')}\n`;
const minutes = { symbol: 'SOLUSDT', interval: '1m', offsetMs: 0 } as const;
const fiveMinutes = { ...minutes, interval: '5m' } as const;
const wire = (
  market: ReturnType<typeof createReplayMarket>,
  series: typeof minutes | typeof fiveMinutes,
  now: number,
) => queryKlines(market, series, { limit: 1_000 }, now).map((bar) => klineRow(bar, false));

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'market-sim-'));
  await writeFile(join(folder, 'SOLUSDT-1m-2023-03.csv'), CSV);
  await writeFile(join(folder, 'SOLUSDT-1m.csv.gz'), gzipSync(CSV));
});
afterAll(() => rm(folder, { recursive: true }));

const open = async (name: string, startIndex?: number) =>
  createReplayMarket([await readReplayFile(join(folder, name))], startIndex);

describe('a recording', () => {
  it.each(['SOLUSDT-1m-2023-03.csv', 'SOLUSDT-1m.csv.gz'])('%s is served row by row', async (name) => {
    const market = await open(name);
    const rows = wire(market, minutes, market.endAt);
    expect(rows.map((row) => row.slice(1, 6).map(Number))).toEqual(
      ROWS.map((row) => row.slice(1, 6).map(Number)),
    );
    expect(rows.map((row) => row[0])).toEqual(ROWS.map((row) => row[0]));
    expect(rows[0]?.[1]).toBe('10.00000000');
  });

  it('adds up to larger bars: minutes without trades do not count, holes stay holes', async () => {
    const market = await open('SOLUSDT-1m.csv.gz');
    const [first, second] = wire(market, fiveMinutes, market.endAt);
    expect(first?.slice(0, 9)).toEqual([
      START,
      '10.00000000',
      '13.00000000',
      '9.00000000',
      '12.90000000',
      '7.50000000',
      START + 5 * MINUTE_MS - 1,
      '82.60000000',
      6,
    ]);
    expect(second?.[0]).toBe(START + 5 * MINUTE_MS);
    expect(market.barAfter(minutes, START + 2 * MINUTE_MS)).toBe(START + 5 * MINUTE_MS);
    expect(market.barAtOrBefore(minutes, START + 4 * MINUTE_MS)).toBe(START + 2 * MINUTE_MS);
    expect(market.barAfter(minutes, START + 5 * MINUTE_MS)).toBeUndefined();
  });

  it('shows a forming bar only within what the whole bar will be', async () => {
    const market = await open('SOLUSDT-1m.csv.gz');
    let volume = 0n;
    for (let at = START; at < START + MINUTE_MS; at += 1_000) {
      const bar = market.bar(minutes, START, at);
      expect(bar.high).toBeLessThanOrEqual(1_200_000_000);
      expect(bar.low).toBeGreaterThanOrEqual(900_000_000);
      expect(bar.volume >= volume).toBe(true);
      volume = bar.volume;
    }
    expect(market.bar(minutes, START, START + MINUTE_MS - 1).close).toBe(1_100_000_000);
  });

  it('starts at row 0 of a short file, at row 300 of a long one, or where it is told', async () => {
    expect((await open('SOLUSDT-1m.csv.gz')).startAt).toBe(START);
    expect((await open('SOLUSDT-1m.csv.gz', 2)).startAt).toBe(START + 2 * MINUTE_MS);
    await expect(open('SOLUSDT-1m.csv.gz', 4)).rejects.toThrow('cannot start at row 4');
    const long = Array.from({ length: 301 }, (_, index) => {
      const openTime = START + index * MINUTE_MS;
      return `${openTime},1,1,1,1,1,${openTime + MINUTE_MS - 1},1,1,0,0,0`;
    });
    const file = { symbol: 'SOLUSDT', interval: '1m', ...parseRows(long.join('\n'), '1m', 'long') } as const;
    expect(createReplayMarket([file]).startAt).toBe(START + 300 * MINUTE_MS);
  });

  it('with a header may lack columns: what nobody recorded is zero', () => {
    const text = 'open_time,open,high,low,close,volume\n1618790400000,5.2928,5.3095,5.2916,5.2975,21474.49\n';
    const { bars, priceDecimals, quantityDecimals } = parseRows(text, '1m', 'test');
    expect(bars[0]).toMatchObject({
      openTime: 1_618_790_400_000,
      closeTime: 1_618_790_459_999,
      open: 529_280_000,
      volume: 2_147_449_000_000n,
      quoteVolume: 0n,
      trades: 0,
    });
    expect([priceDecimals, quantityDecimals]).toEqual([4, 2]);
  });

  it('may write times as text and amounts as floats', () => {
    const text =
      'timestamp,open,high,low,close,volume,quote_volume\n2022-12-01 00:05:00,1,1,1,1,1e-05,0.123456789\n';
    const { bars } = parseRows(text, '5m', 'test');
    expect(bars[0]).toMatchObject({
      openTime: Date.UTC(2022, 11, 1, 0, 5),
      volume: 1_000n,
      quoteVolume: 12_345_679n,
    });
  });

  it.each([
    ['1,2,3', 'line 1'],
    [`${ROWS[0]?.join(',')}\n${START},x,1,1,1,1,1,1,1,1,1,0`, 'line 2: "x" is not an amount'],
    ['', 'has no rows'],
    ['open_time,close\n1,2', 'the header needs'],
  ])('that is broken is refused with the place: %#', (text, message) => {
    expect(() => parseRows(text, '1m', 'broken.csv')).toThrow(message);
  });

  it('needs a name that says symbol and interval', async () => {
    await expect(readReplayFile('/nowhere/data.csv')).rejects.toThrow('the name must be like');
    await expect(readReplayFile('/nowhere/BTCUSDT-1m.csv')).rejects.toThrow('cannot be read');
  });
});

const data = resolve(process.env.ONEFEED_DATA ?? resolve(import.meta.dirname, '../../../../../shared/data'));
const klines = join(data, 'binance_klines');

describe.skipIf(!existsSync(klines))(`the venue's own recordings in ${klines} (skipped when absent)`, () => {
  it('come back text for text, the outage of 2023-03-24 a hole', async () => {
    const path = join(klines, '1m/BTCUSDT-1m-2023-03.csv.gz');
    const lines = gunzipSync(await readFile(path))
      .toString()
      .trim()
      .split('\n');
    const market = createReplayMarket([await readReplayFile(path)]);
    const series = { symbol: 'BTCUSDT', interval: '1m', offsetMs: 0 } as const;
    const served = queryKlines(market, series, { limit: lines.length + 1 }, market.endAt);
    expect(served).toHaveLength(lines.length);
    const different = served.findIndex((bar, index) => klineRow(bar, false).join(',') !== lines[index]);
    expect(different, lines[different]).toBe(-1);
    const hours = { ...series, interval: '1h' } as const;
    const outage = Date.UTC(2023, 2, 24, 12);
    expect(market.barAfter(hours, outage)).toBe(Date.UTC(2023, 2, 24, 14));
  });

  it("add up to the exchange's own hours", async () => {
    const market = createReplayMarket([await readReplayFile(join(klines, '1m/ETHUSDT-1m-2023-07.csv.gz'))]);
    const path = join(klines, '1h/ETHUSDT-1h-2023.csv.gz');
    const lines = gunzipSync(await readFile(path))
      .toString()
      .trim()
      .split('\n');
    const own = new Map(lines.map((line) => [Number(line.split(',')[0]), line]));
    const hours = { symbol: 'ETHUSDT', interval: '1h', offsetMs: 0 } as const;
    const made = queryKlines(market, hours, { limit: 1_000 }, market.endAt);
    expect(made.length).toBeGreaterThan(700);
    for (const bar of made) {
      const expected = own.get(bar.openTime)?.split(',').slice(0, 11).map(Number);
      expect(klineRow(bar, false).slice(0, 11).map(Number)).toEqual(expected);
    }
  });
});
