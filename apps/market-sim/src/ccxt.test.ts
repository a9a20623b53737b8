import ccxt from 'ccxt';
import { describe, expect, it, vi } from 'vitest';
import { startSimulator } from './testing/start-simulator.ts';

// Much work or real sockets: a busy machine takes longer than the default allows.
vi.setConfig({ testTimeout: 30_000 });

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

type Row = [openTime: number, ...string[]];
type Simulator = Awaited<ReturnType<typeof startSimulator>>;

/** The library as its users set it up for spot market data without keys. */
function createExchange({ url }: Simulator) {
  const api = { public: url('/api/v3'), private: url('/api/v3'), v1: url('/api/v1') };
  return new ccxt.binance({
    urls: { api },
    enableRateLimit: false,
    options: { fetchMarkets: { types: ['spot'] }, fetchCurrencies: false, fetchMargins: false },
  });
}

/** What ccxt makes of bars: numbers, open time to volume. */
async function truth({ get }: Simulator, market: string, interval: string, from: number, to: number) {
  const symbol = market.replace('/', '');
  const range = `symbol=${symbol}&interval=${interval}&from=${from}&to=${to}`;
  const { klines } = (await get(`/sim/truth?${range}`)).body as { klines: Row[] };
  return klines.map((row) => row.slice(0, 6).map(Number));
}

let simulator: Simulator;
let exchange: InstanceType<typeof ccxt.binance>;
let now: number;

describe('ccxt, a client that nobody here wrote', () => {
  async function start() {
    simulator = await startSimulator({ SIM_SPEED: '0.1', SIM_SEED: '21' });
    exchange = createExchange(simulator);
    now = Number(simulator.service.figures().venueTime);
  }

  it('loads the markets with their precision and limits', async () => {
    await start();
    const markets = await exchange.loadMarkets();
    expect(Object.keys(markets)).toEqual(['BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'BNB/USDT', 'XRP/USDT']);
    expect(markets['BTC/USDT']).toMatchObject({
      id: 'BTCUSDT',
      type: 'spot',
      spot: true,
      active: true,
      base: 'BTC',
      quote: 'USDT',
      precision: { amount: 0.00001, price: 0.01 },
      limits: { amount: { min: 0.00001, max: 9_000_000 }, cost: { min: 5, max: 9_000_000 } },
    });
    expect(markets['XRP/USDT']).toMatchObject({ precision: { amount: 0.1, price: 0.0001 } });
    expect(exchange.amountToPrecision('BTC/USDT', 0.123456789)).toBe('0.12345');
    expect(exchange.priceToPrecision('SOL/USDT', 150.126)).toBe('150.13');
    expect(Math.abs(((await exchange.fetchTime()) ?? 0) - now)).toBeLessThan(10_000);
  });

  it.each([
    ['BTC/USDT', '1m', MINUTE_MS],
    ['ETH/USDT', '5m', 5 * MINUTE_MS],
    ['SOL/USDT', '15m', 15 * MINUTE_MS],
    ['BNB/USDT', '1h', HOUR_MS],
    ['XRP/USDT', '4h', 4 * HOUR_MS],
    ['BTC/USDT', '1d', 24 * HOUR_MS],
  ] as const)('fetches the bars of %s %s as they are', async (market, interval, length) => {
    await start();
    const open = Math.floor(now / length) * length;
    const newest = await exchange.fetchOHLCV(market, interval, undefined, 5);
    // The newest may be the open bar; the closed ones are the truth.
    const closed = newest.filter(([openTime]) => Number(openTime) < open);
    expect(closed.length).toBeGreaterThanOrEqual(4);
    expect(closed).toEqual(await truth(simulator, market, interval, Number(closed[0]?.[0]), open - 1));
    const since = open - 120 * length;
    const oldest = await exchange.fetchOHLCV(market, interval, since, 7);
    expect(oldest).toHaveLength(7);
    expect(oldest).toEqual(await truth(simulator, market, interval, since, since + 6 * length));
  });

  it('pages through a day and a half of minutes without hole or double', async () => {
    await start();
    const to = Math.floor(now / MINUTE_MS) * MINUTE_MS;
    const from = to - 2_160 * MINUTE_MS;
    const rows: unknown[] = [];
    for (let since = from; since < to; ) {
      const page = await exchange.fetchOHLCV('ETH/USDT', '1m', since, 1_000, { until: to - 1 });
      expect(page.length).toBeGreaterThan(0);
      rows.push(...page);
      since = Number(page.at(-1)?.[0]) + MINUTE_MS;
    }
    expect(rows).toHaveLength(2_160);
    expect(rows).toEqual(await truth(simulator, 'ETH/USDT', '1m', from, to - 1));
    const whole = await exchange.fetchOHLCV('ETH/USDT', '1m', from, 2_160, {
      paginate: true,
      paginationCalls: 3,
      until: to - 1,
    });
    expect(whole).toEqual(rows);
  });

  it('understands the refusals', async () => {
    await start();
    const { post } = simulator;
    await exchange.loadMarkets();
    await expect(exchange.fetchOHLCV('DOGE/USDT', '1m')).rejects.toThrow(ccxt.BadSymbol);
    await expect(exchange.publicGetKlines({ symbol: 'DOGEUSDT', interval: '1m' })).rejects.toThrow(
      ccxt.BadSymbol,
    );
    await expect(exchange.publicGetKlines({ symbol: 'BTCUSDT', interval: '7m' })).rejects.toThrow(
      ccxt.BadRequest,
    );
    await expect(exchange.publicGetKlines({ symbol: 'BTCUSDT' })).rejects.toThrow(ccxt.BadRequest);
    await post('/sim/rest', { statuses: [429, 418, 503] });
    const ask = () => exchange.fetchOHLCV('BTC/USDT', '1m', undefined, 1);
    await expect(ask()).rejects.toThrow(ccxt.DDoSProtection);
    await expect(ask()).rejects.toThrow(ccxt.DDoSProtection);
    await expect(ask()).rejects.toThrow(ccxt.OperationFailed);
    expect(await ask()).toHaveLength(1);
  });
});
