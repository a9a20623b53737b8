import { describe, expect, it } from 'vitest';
import { createSeededMarket } from '../market/seeded-market.ts';
import { createBinanceRest } from './rest.ts';
import { createWeightMeter } from './weight-meter.ts';

const NOW = Date.UTC(2026, 10, 20, 18, 30, 30);
const source = createSeededMarket(5);

function setUp() {
  let wall = 0;
  const rest = createBinanceRest({ source, now: () => NOW, weights: createWeightMeter(() => wall) });
  const get = (path: string, query = '', microseconds = false, method = 'GET') => {
    const request = { method, path, query: new URLSearchParams(query), address: '::1', microseconds };
    const { status, headers, body } = rest(request);
    return { status, headers, body: JSON.parse(body) };
  };
  return { get, tick: (ms: number) => (wall += ms) };
}

describe("Binance's REST", () => {
  it('answers ping and time', () => {
    const { get } = setUp();
    expect(get('/api/v3/ping')).toMatchObject({ status: 200, body: {} });
    expect(get('/api/v3/time').body).toEqual({ serverTime: NOW });
    expect(get('/api/v3/time', '', true).body).toEqual({ serverTime: NOW * 1_000 });
  });

  it('writes a bar as twelve values', () => {
    const { get } = setUp();
    const { body } = get('/api/v3/klines', 'symbol=BTCUSDT&interval=1m&limit=2');
    const decimals = expect.stringMatching(/^\d+\.\d{8}$/);
    expect(body[0]).toEqual([
      NOW - 90_000,
      decimals,
      decimals,
      decimals,
      decimals,
      decimals,
      NOW - 30_001,
      decimals,
      expect.any(Number),
      decimals,
      decimals,
      '0',
    ]);
    expect(body[1][0]).toBe(NOW - 30_000);
  });

  it('gives 500 bars by default and 1000 at most', () => {
    const { get } = setUp();
    expect(get('/api/v3/klines', 'symbol=BTCUSDT&interval=1m').body).toHaveLength(500);
    expect(get('/api/v3/klines', 'symbol=BTCUSDT&interval=1m&limit=5000').body).toHaveLength(1_000);
  });

  it('takes and gives microseconds, and shifts the borders by a time zone', () => {
    const { get } = setUp();
    const from = (NOW - 90_000) * 1_000;
    const query = `symbol=BTCUSDT&interval=1m&startTime=${from}&limit=1`;
    const [row] = get('/api/v3/klines', query, true).body;
    expect([row[0], row[6]]).toEqual([from, from + 59_999_999]);
    const [day] = get('/api/v3/klines', 'symbol=BTCUSDT&interval=1d&limit=1&timeZone=8').body;
    expect(new Date(day[0]).toISOString()).toBe('2026-11-20T16:00:00.000Z');
    const [odd] = get('/api/v3/klines', 'symbol=BTCUSDT&interval=1h&limit=1&timeZone=05:45').body;
    expect(new Date(odd[0]).toISOString()).toBe('2026-11-20T18:15:00.000Z');
  });

  it('describes the symbols asked for', () => {
    const { get } = setUp();
    expect(get('/api/v3/exchangeInfo').body.symbols).toHaveLength(5);
    const { symbols } = get('/api/v3/exchangeInfo', 'symbols=["BTCUSDT","XRPUSDT"]').body;
    expect(symbols.map(({ symbol }: { symbol: string }) => symbol)).toEqual(['BTCUSDT', 'XRPUSDT']);
    const [btc] = get('/api/v3/exchangeInfo', 'symbol=BTCUSDT').body.symbols;
    expect(btc).toMatchObject({ status: 'TRADING', baseAsset: 'BTC', quoteAsset: 'USDT' });
    expect(btc.filters).toContainEqual({
      filterType: 'LOT_SIZE',
      minQty: '0.00001000',
      maxQty: expect.any(String),
      stepSize: '0.00001000',
    });
    expect(btc.filters).toContainEqual(
      expect.objectContaining({ filterType: 'PRICE_FILTER', tickSize: '0.01000000' }),
    );
  });

  it.each([
    ['/api/v3/klines', 'interval=1m', 400, -1102],
    ['/api/v3/klines', 'symbol=&interval=1m', 400, -1102],
    ['/api/v3/klines', 'symbol=btcusdt&interval=1m', 400, -1100],
    ['/api/v3/klines', 'symbol=NOPEUSDT&interval=1m', 400, -1121],
    ['/api/v3/klines', 'symbol=BTCUSDT', 400, -1102],
    ['/api/v3/klines', 'symbol=BTCUSDT&interval=7m', 400, -1120],
    ['/api/v3/klines', 'symbol=BTCUSDT&interval=1m&limit=x', 400, -1100],
    ['/api/v3/klines', 'symbol=BTCUSDT&interval=1m&limit=0', 400, -1130],
    ['/api/v3/klines', 'symbol=BTCUSDT&interval=1m&startTime=-5', 400, -1100],
    ['/api/v3/klines', 'symbol=BTCUSDT&interval=1m&timeZone=15', 400, -1130],
    ['/api/v3/exchangeInfo', 'symbol=NOPEUSDT', 400, -1121],
    ['/api/v3/exchangeInfo', 'symbols=BTCUSDT', 400, -1100],
    ['/api/v3/exchangeInfo', 'symbol=BTCUSDT&symbols=["BTCUSDT"]', 400, -1128],
    ['/api/v3/account', '', 404, -1000],
  ])('refuses %s?%s with %i and %i', (path, query, status, code) => {
    const answer = setUp().get(path, query);
    expect(answer).toMatchObject({ status, body: { code, msg: expect.any(String) } });
  });

  it('counts weight by the minute and refuses past the limit', () => {
    const { get, tick } = setUp();
    expect(get('/api/v3/exchangeInfo').headers['x-mbx-used-weight-1m']).toBe('20');
    expect(get('/api/v3/klines', 'symbol=BTCUSDT&interval=1m&limit=1').headers['x-mbx-used-weight']).toBe(
      '22',
    );
    for (let used = 22; used + 20 <= 6_000; used += 20) get('/api/v3/exchangeInfo');
    const refused = get('/api/v3/exchangeInfo');
    expect(refused).toMatchObject({ status: 429, body: { code: -1003 }, headers: { 'retry-after': '60' } });
    tick(60_000);
    expect(get('/api/v3/ping')).toMatchObject({ status: 200, headers: { 'x-mbx-used-weight-1m': '1' } });
  });
});
