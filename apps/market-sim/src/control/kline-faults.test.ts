import { describe, expect, it, vi } from 'vitest';
import { HOSTILE_KLINES } from '../binance/hostile-kline.ts';
import { type Client, startSimulator } from '../testing/start-simulator.ts';

// Much work or real sockets: a busy machine takes longer than the default allows.
vi.setConfig({ testTimeout: 30_000 });

const MINUTE_MS = 60_000;

interface Kline {
  E: number;
  k: { t: number; T: number; x: boolean; c: string };
}
const finalsOf = (client: Client) =>
  client.events.all.flatMap(({ json }) => {
    const event = json as unknown as Kline | undefined;
    return event?.k?.x === true ? [event] : [];
  });
type Rows = { klines: [number, ...unknown[]][]; next: number | null };

/** Open times of the minutes between the first and the last final frame, and those that came. */
async function followMinutes(faults: object, count: number) {
  const simulator = await startSimulator({ SIM_SPEED: '1200', SIM_SEED: '5' });
  await simulator.post('/sim/finals', faults);
  const client = await simulator.connect('/ws/btcusdt@kline_1m');
  await client.events.waitUntil(() => finalsOf(client).length >= count);
  const finals = finalsOf(client);
  const times = finals.map(({ k }) => k.t);
  const from = Math.min(...times);
  const to = Math.max(...times);
  const truth = (await simulator.get(`/sim/truth?symbol=BTCUSDT&interval=1m&from=${from}&to=${to}`))
    .body as Rows;
  return { finals, times, truth: truth.klines.map(([openTime]) => openTime) };
}

describe('final frames', () => {
  it('are left out for the bars chosen; the truth has them all', async () => {
    const { times, truth } = await followMinutes({ dropOneIn: 3 }, 30);
    expect(new Set(times).size).toBe(times.length);
    expect(truth.length).toBeGreaterThan(times.length);
    expect(truth).toEqual(expect.arrayContaining(times));
    expect(truth).toEqual(truth.map((_, index) => (truth[0] ?? 0) + index * MINUTE_MS));
  });

  it('come twice', async () => {
    const { times } = await followMinutes({ duplicateOneIn: 1 }, 10);
    expect(times.slice(0, 10)).toEqual(times.slice(0, 10).map((_, index) => times[index - (index % 2)]));
  });

  it('come late, with the bar unchanged and event times that never go back', async () => {
    const { finals, times, truth } = await followMinutes({ lateOneIn: 2, lateMs: 90_000 }, 30);
    const late = finals.filter(({ E, k }) => E - k.T > 80_000);
    expect(late.length).toBeGreaterThan(3);
    expect(late.length).toBeLessThan(finals.length);
    expect(new Set(times).size).toBe(times.length);
    expect(times).not.toEqual([...times].sort());
    const eventTimes = finals.map(({ E }) => E);
    expect(eventTimes).toEqual([...eventTimes].sort((left, right) => left - right));
    expect(truth).toEqual(expect.arrayContaining(times));
  });
});

describe('a single stream', () => {
  it('falls silent while the others go on, for as long as it is said', async () => {
    const { connect, post, get } = await startSimulator({ SIM_SPEED: '600' });
    const client = await connect('/stream?streams=btcusdt@kline_1m/ethusdt@kline_1m');
    const ofStream = (stream: string) => client.events.all.filter(({ json }) => json?.stream === stream);
    await client.events.waitUntil(() => ofStream('btcusdt@kline_1m').length > 1);
    await post('/sim/silence', { stream: 'btcusdt@kline_1m' });
    expect((await get('/sim/state')).body).toMatchObject({ faults: { silentStreams: ['btcusdt@kline_1m'] } });
    const before = ofStream('btcusdt@kline_1m').length;
    const others = ofStream('ethusdt@kline_1m').length;
    await client.events.waitUntil(() => ofStream('ethusdt@kline_1m').length > others + 5);
    expect(ofStream('btcusdt@kline_1m').length).toBe(before);
    await post('/sim/silence', { stream: 'btcusdt@kline_1m', seconds: 0.2 });
    await client.events.waitUntil(() => ofStream('btcusdt@kline_1m').length > before);
  });
});

describe('hostile frames', () => {
  it('come in every kind, never as a final frame of a true stream, and the connection stays', async () => {
    const { connect, post, get } = await startSimulator();
    const client = await connect('/stream?streams=btcusdt@kline_5m');
    await client.next('stream');
    for (const [seed, kind] of HOSTILE_KLINES.entries()) {
      const before = client.events.all.length;
      expect((await post('/sim/hostile', { venue: 'binance', kind, seed })).body).toEqual({ sent: 1, kind });
      await client.events.waitUntil(() => client.events.all.length > before);
    }
    const hostile = client.events.all.filter(({ type }) => type === 'message');
    expect(hostile.some(({ binary }) => binary)).toBe(true);
    expect(hostile.some(({ json }) => json === undefined)).toBe(true);
    expect(Math.max(...hostile.map(({ text }) => text?.length ?? 0))).toBeGreaterThan(1_000_000);
    expect(finalsOf(client)).toEqual([]);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    expect((await post('/sim/hostile', { venue: 'binance', kind: 'nice' })).status).toBe(400);
    expect((await get('/sim/state')).body).toMatchObject({ violations: 0 });
  });

  it('are the same for the same seed', async () => {
    const { connect, post } = await startSimulator({ SIM_SPEED: '0.1' });
    const client = await connect('/api/data');
    for (const seed of [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]) await post('/sim/hostile', { venue: 'pumpfun', seed });
    await client.events.waitUntil(() => client.events.all.length >= 10);
    const texts = client.events.all.map(({ text }) => text);
    expect(texts.slice(5)).toEqual(texts.slice(0, 5));
    expect(new Set(texts).size).toBeGreaterThan(3);
  });
});

describe('the truth', () => {
  it('comes in pages', async () => {
    const { get, service } = await startSimulator();
    const now = Number(service.figures().venueTime);
    const from = Math.floor(now / MINUTE_MS) * MINUTE_MS - 7 * 24 * 60 * MINUTE_MS;
    const range = `symbol=ETHUSDT&interval=1m&to=${now}`;
    const whole = (await get(`/sim/truth?${range}&from=${from}`)).body as Rows;
    const pages: unknown[] = [];
    for (let at: number | null = from; at !== null; ) {
      const page: Rows = (await get(`/sim/truth?${range}&from=${at}&limit=3000`)).body;
      expect(page.klines.length).toBeLessThanOrEqual(3_000);
      pages.push(...page.klines);
      at = page.next;
    }
    expect(whole.next).toBeNull();
    expect(whole.klines.length).toBe(7 * 24 * 60);
    expect(pages).toEqual(whole.klines);
    expect((await get(`/sim/truth?${range}&from=${from}&limit=0`)).status).toBe(400);
  });
});
