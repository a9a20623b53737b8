import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSamples, SAMPLES_ABSENT } from '../testing/samples.ts';
import { isPlausible, mapFrame, streamName } from './mapper.ts';
import { mapExchangeInfo, mapKlineRows } from './rest-rows.ts';

const FRAME = {
  e: 'kline',
  E: 1_700_000_040_123,
  s: 'BTCUSDT',
  k: {
    t: 1_699_999_980_000,
    T: 1_700_000_039_999,
    s: 'BTCUSDT',
    i: '1m',
    f: 100,
    L: 116,
    o: '37000.10000000',
    c: '37010.00000000',
    h: '37011.50000000',
    l: '36999.99000000',
    v: '12.34500000',
    n: 17,
    x: true,
    q: '456789.01234567',
    V: '6.00000000',
    Q: '222222.00000000',
    B: '0',
  },
};
const combined = (data: unknown, stream = 'btcusdt@kline_1m') => JSON.stringify({ stream, data });
const withBar = (change: object) => combined({ ...FRAME, k: { ...FRAME.k, ...change } });

test('a final frame becomes a closed candle with the texts of the venue', () => {
  const candle = {
    venue: 'binance',
    instrument: 'BTCUSDT',
    timeframe: '1m',
    openTime: 1_699_999_980_000,
    open: '37000.10000000',
    high: '37011.50000000',
    low: '36999.99000000',
    close: '37010.00000000',
    volume: '12.34500000',
    quoteVolume: '456789.01234567',
    trades: 17,
    closed: true,
  };
  const expected = { kind: 'candle', eventTime: 1_700_000_040_123, candle };
  expect(mapFrame(combined(FRAME))).toEqual(expected);
  expect(mapFrame(JSON.stringify(FRAME))).toEqual(expected);
});

test('a bar without trades is a bar', () => {
  const flat = {
    o: '1.5',
    h: '1.5',
    l: '1.5',
    c: '1.5',
    v: '0.00000000',
    q: '0.00000000',
    n: 0,
    f: -1,
    L: -1,
  };
  expect(mapFrame(withBar(flat))).toMatchObject({
    kind: 'candle',
    candle: { trades: 0, volume: '0.00000000' },
  });
});

test.each([
  ['not_json', '{"stream":'],
  ['unknown_frame', '17'],
  ['unknown_frame', 'null'],
  ['unknown_frame', JSON.stringify({ e: 'aggTrade' })],
  ['wrong_shape', withBar({ o: 37_000.1 })],
  ['wrong_shape', withBar({ c: 'NaN' })],
  ['wrong_shape', withBar({ v: '-1' })],
  ['wrong_shape', withBar({ x: 1 })],
  ['wrong_shape', combined({ ...FRAME, E: '1700000040123' })],
  ['unknown_timeframe', withBar({ i: '3m' })],
  ['unknown_timeframe', withBar({ i: '1M' })],
  ['unknown_instrument', withBar({ s: 'BTC/USDT' })],
  ['contradiction', withBar({ s: 'ETHUSDT' })],
  ['contradiction', combined(FRAME, 'ethusdt@kline_1m')],
  ['misaligned', withBar({ t: 1_699_999_980_001 })],
  ['misaligned', withBar({ T: 1 })],
  ['misaligned', withBar({ T: FRAME.k.T + 1 })],
  ['contradiction', JSON.stringify({ ...FRAME, E: FRAME.k.T - 1 })],
  ['contradiction', JSON.stringify({ ...FRAME, E: FRAME.k.t - 1 })],
  ['wrong_shape', withBar({ n: 2_147_483_648 })],
  ['implausible_price', withBar({ l: '0.00000000' })],
  ['implausible_price', withBar({ h: '36999.00000000' })],
])('%s: %s', (reason, text) => {
  expect(mapFrame(text)).toEqual({ kind: 'bad', reason });
});

test('control frames', () => {
  expect(mapFrame('{"result":null,"id":3}')).toEqual({ kind: 'acknowledged', id: 3 });
  expect(mapFrame('{"code":2,"msg":"Invalid request"}')).toMatchObject({ kind: 'refused', code: 2 });
  expect(mapFrame('{"e":"serverShutdown","E":1770123456789}')).toEqual({ kind: 'shutdown' });
  expect(mapFrame(combined({ e: 'serverShutdown', E: 1 }, '!serverShutdown'))).toEqual({ kind: 'shutdown' });
});

test('no text makes the mapper throw', () => {
  const mutated = fc.tuple(fc.json(), fc.string(), fc.nat(), fc.nat(40)).map(([json, text, at, length]) => {
    const whole = combined(FRAME);
    const from = at % whole.length;
    return [json, text, whole.slice(0, from) + text + whole.slice(from + length)];
  });
  fc.assert(
    fc.property(mutated, (texts) => {
      for (const text of texts) {
        const frame = mapFrame(text);
        if (frame.kind !== 'candle') continue;
        const { open, high, low, close } = frame.candle;
        expect(isPlausible(open, high, low, close)).toBe(true);
      }
    }),
    { numRuns: 3_000 },
  );
});

test('any value of any field of a frame is mapped or refused, never coerced', () => {
  const fields = Object.keys(FRAME.k) as (keyof typeof FRAME.k)[];
  fc.assert(
    fc.property(fc.constantFrom(...fields), fc.anything(), (field, value) => {
      const frame = mapFrame(withBar({ [field]: value }));
      if (frame.kind === 'candle' && field === 'o') expect(frame.candle.open).toBe(value);
      expect(['candle', 'bad']).toContain(frame.kind);
    }),
    { numRuns: 3_000 },
  );
});

test('a right bar is never refused for its prices', () => {
  const decimal = fc
    .tuple(fc.bigInt({ min: 1n, max: 10n ** 20n }), fc.nat(8))
    .map(([units, scale]) => ({ units, scale }));
  fc.assert(
    fc.property(fc.array(decimal, { minLength: 4, maxLength: 4 }), (values) => {
      const texts = values
        .map(({ units }) => units)
        .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
        .map((units) => {
          const digits = units.toString().padStart(9, '0');
          return `${digits.slice(0, -8)}.${digits.slice(-8)}`;
        });
      const [low = '', open = '', close = '', high = ''] = texts;
      expect(isPlausible(open, high, low, close)).toBe(true);
    }),
  );
});

test('stream names are in lower case', () => {
  expect(streamName('BTCUSDT', '4h')).toBe('btcusdt@kline_4h');
});

const rows = readSamples('binance_rest_klines_real_2021.json');
test.skipIf(rows === null)(
  rows === null ? SAMPLES_ABSENT : 'recorded klines map to candles, texts unchanged',
  () => {
    const mapped = mapKlineRows(rows, 'BTCUSDT', '1m');
    expect(mapped?.bad).toBe(0);
    expect(mapped?.bars).toHaveLength(10);
    expect(mapped?.bars[0]).toEqual({
      closeTime: 1_634_943_839_999,
      candle: {
        venue: 'binance',
        instrument: 'BTCUSDT',
        timeframe: '1m',
        openTime: 1_634_943_780_000,
        open: '60685.22000000',
        high: '60729.84000000',
        low: '60670.90000000',
        close: '60719.27000000',
        volume: '21.63272000',
        quoteVolume: '1313200.01340410',
        trades: 617,
        closed: true,
      },
    });
  },
);

const examples = readSamples('binance_docs_examples.json') as Record<string, unknown> | null;
test.skipIf(examples === null)(examples === null ? SAMPLES_ABSENT : "the venue's documented examples", () => {
  const example = (examples?.ws_kline ?? {}) as typeof FRAME;
  // The example opens below its own low, which no market does.
  expect(mapFrame(JSON.stringify(example))).toEqual({ kind: 'bad', reason: 'implausible_price' });
  expect(mapFrame(JSON.stringify({ ...example, k: { ...example.k, l: '0.0010' } }))).toMatchObject({
    kind: 'candle',
    eventTime: 1_672_515_782_136,
    candle: { instrument: 'BNBBTC', open: '0.0010', close: '0.0020', trades: 100, closed: false },
  });
  const shutdowns = (examples?.ws_server_shutdown ?? []) as unknown[];
  expect(shutdowns.map((frame) => mapFrame(JSON.stringify(frame)).kind)).toEqual(['shutdown', 'shutdown']);
  expect(mapKlineRows(examples?.rest_klines, 'BNBBTC', '1d')).toMatchObject({
    bad: 0,
    bars: [{ candle: { openTime: 1_499_040_000_000, volume: '148976.11427815' } }],
  });
});

const errors = readSamples('binance_errors.json') as { ws_stream_errors: unknown[] } | null;
test.skipIf(errors === null)(errors === null ? SAMPLES_ABSENT : 'refusals of the stream socket', () => {
  for (const frame of errors?.ws_stream_errors ?? []) {
    expect(mapFrame(JSON.stringify(frame)).kind).toBe('refused');
  }
});

const info = readSamples('binance_rest_exchangeInfo_real_2021.json');
test.skipIf(info === null)(info === null ? SAMPLES_ABSENT : 'recorded exchangeInfo', () => {
  const rules = mapExchangeInfo(info);
  expect(rules?.weightPerMinute).toBe(1_200);
  expect(rules?.skipped).toBe(0);
  expect(rules?.instruments[0]).toEqual({
    venue: 'binance',
    instrument: 'BTCUSDT',
    baseAsset: 'BTC',
    quoteAsset: 'USDT',
    tickSize: '0.01000000',
    stepSize: '0.00001000',
    minQuantity: '0.00001000',
    minNotional: '10.00000000',
    tradeable: true,
  });
});

const symbol = readSamples('binance_symbol_info_BTCUSDT_real_2024.json') as { info: unknown } | null;
test.skipIf(symbol === null)(
  symbol === null ? SAMPLES_ABSENT : 'a recorded symbol with NOTIONAL filter',
  () => {
    const rules = mapExchangeInfo({ symbols: [symbol?.info, { symbol: 'X' }, null] });
    expect(rules).toMatchObject({
      skipped: 2,
      weightPerMinute: null,
      instruments: [{ minNotional: '5.00000000' }],
    });
  },
);

test('bad rows of an answer are counted, other answers refused', () => {
  const row = [60_000, '1', '2', '0.5', '1.5', '3', 119_999, '4', 5, '1', '1', '0'];
  expect(mapKlineRows([row, [...row].slice(0, 8), { 0: 1 }, [...row].with(1, 1)], 'X', '1m')).toMatchObject({
    bad: 3,
    bars: [{ candle: { openTime: 60_000 } }],
  });
  expect(mapKlineRows({ code: -1 }, 'X', '1m')).toBeNull();
  expect(mapExchangeInfo([])).toBeNull();
});
