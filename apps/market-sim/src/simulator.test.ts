import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { startSimulator } from './testing/start-simulator.ts';

// Much work or real sockets: a busy machine takes longer than the default allows.
vi.setConfig({ testTimeout: 30_000 });

const isFinal = (json: Record<string, unknown> | undefined): boolean =>
  (json?.k as { x: boolean } | undefined)?.x === true;

describe('the Binance side', () => {
  it('acknowledges control frames and streams what was subscribed, wrapped or bare', async () => {
    const { connect } = await startSimulator({ SIM_SPEED: '60' });
    const client = await connect('/stream');
    client.send({ method: 'SUBSCRIBE', params: ['btcusdt@kline_1m'], id: 1 });
    expect(await client.next('result')).toEqual({ result: null, id: 1 });
    const wrapped = await client.next('stream');
    expect(wrapped).toMatchObject({ stream: 'btcusdt@kline_1m', data: { e: 'kline', s: 'BTCUSDT' } });
    client.send({ method: 'LIST_SUBSCRIPTIONS', id: 2 });
    expect(await client.next('result')).toEqual({ result: ['btcusdt@kline_1m'], id: 2 });
    client.send({ method: 'SET_PROPERTY', params: ['combined', false], id: 3 });
    expect(await client.next('result')).toEqual({ result: null, id: 3 });
    expect(await client.next('e')).toMatchObject({ e: 'kline', k: { i: '1m' } });
    client.send({ method: 'UNSUBSCRIBE', params: ['btcusdt@kline_1m'], id: 4 });
    expect(await client.next('result')).toEqual({ result: null, id: 4 });
  });

  it('takes streams from the URL, in microseconds when asked', async () => {
    const { connect } = await startSimulator({ SIM_SPEED: '60' });
    const single = await connect('/ws/ethusdt@kline_5m');
    expect(await single.next('e')).toMatchObject({ s: 'ETHUSDT', k: { i: '5m' } });
    const many = await connect(
      '/stream?streams=btcusdt@kline_1m/btcusdt@kline_1d@+08:00&timeUnit=microsecond',
    );
    const { data } = (await many.next('stream')) as { data: { E: number } };
    expect(data.E).toBeGreaterThan(1e15);
    many.send({ method: 'LIST_SUBSCRIPTIONS', id: 1 });
    expect(await many.next('result')).toMatchObject({
      result: ['btcusdt@kline_1m', 'btcusdt@kline_1d@+08:00'],
    });
  });

  it('closes with 1008 on the sixth message within a second', async () => {
    const { connect, metric } = await startSimulator();
    const client = await connect('/ws');
    for (let id = 1; id <= 6; id += 1) client.send({ method: 'LIST_SUBSCRIPTIONS', id });
    expect(await client.closed()).toMatchObject({ code: 1008, reason: 'Too many requests' });
    expect(await metric('onefeed_sim_violations_total{venue="binance"}')).toBe(1);
  });

  it('closes with 1008 past 1024 streams', async () => {
    const { connect } = await startSimulator();
    const client = await connect('/ws');
    const params = Array.from({ length: 1_025 }, (_, index) => `x${index}usdt@kline_1m`);
    client.send({ method: 'SUBSCRIBE', params, id: 1 });
    expect(await client.closed()).toMatchObject({ code: 1008 });
  });

  it('counts connections, and the most there ever were', async () => {
    const { connect, metric, service } = await startSimulator();
    const client = await connect('/ws');
    await connect('/ws');
    client.socket.terminate();
    await client.events.waitUntil(() => service.figures().binanceConnections === 1);
    expect(await metric('onefeed_sim_max_connections{venue="binance"}')).toBe(2);
    expect(await metric('onefeed_sim_connections{venue="binance"}')).toBe(1);
  });

  it('sends finals equal to the truth, and REST says the same', async () => {
    const { connect, get, service } = await startSimulator({ SIM_SPEED: '300' });
    const client = await connect('/ws/solusdt@kline_1m');
    const { json } = await client.events.awaitNext(({ json }) => isFinal(json));
    const k = json?.k as Record<string, unknown>;
    const row = [k.t, k.o, k.h, k.l, k.c, k.v, k.T, k.q, k.n, k.V, k.Q, '0'];
    await client.events.waitUntil(() => Number(service.figures().venueTime) > Number(k.T));
    const range = `symbol=SOLUSDT&interval=1m`;
    const rest = await get(`/api/v3/klines?${range}&startTime=${k.t}&limit=1`);
    const truth = await get(`/sim/truth?${range}&from=${k.t}&to=${k.t}`);
    expect(rest.body).toEqual([row]);
    expect(truth.body).toEqual({ klines: [row], next: null });
    expect(Number(rest.headers.get('x-mbx-used-weight-1m'))).toBe(2);
  });
});

describe('the PumpPortal side', () => {
  it('acknowledges word for word and refuses trades without a key', async () => {
    const { connect } = await startSimulator();
    const client = await connect('/api/data');
    client.send({ method: 'subscribeNewToken' });
    expect(await client.next('message')).toEqual({
      message: 'Successfully subscribed to token creation events.',
    });
    client.send({ method: 'subscribeMigration' });
    expect(await client.next('message')).toEqual({ message: "Subscribed to 'migration' events." });
    client.send({ method: 'subscribeTokenTrade', keys: ['x'] });
    expect(await client.next('message')).toEqual({
      message:
        "'subscribeTokenTrade' and 'subscribeAccountTrade' methods are only available when connecting with an API key funded with at least 0.02 SOL.",
    });
    client.send({ method: 'unsubscribeNewToken' });
    expect(await client.next('message')).toEqual({ message: 'Unsubscribed.' });
    for (const bad of [
      '{"method":"unsubscribeMigration"}',
      'nonsense',
      '[]',
      '{"method":"subscribeTokenTrade"}',
    ]) {
      client.send(bad);
      expect(await client.next('errors')).toEqual({
        errors:
          "Invalid message. 'method' must be 'subscribeNewToken', 'subscribeTokenTrade', 'subscribeAccountTrade', or 'subscribeMigration'.",
      });
    }
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('sends with a key the trades of the mints subscribed, and of no other', async () => {
    const { connect } = await startSimulator({ SIM_SPEED: '60' });
    const client = await connect('/api/data?api-key=simulator');
    client.send({ method: 'subscribeNewToken' });
    const followed = new Set<unknown>();
    for (let count = 0; count < 4; count += 1) {
      const { json } = await client.events.awaitNext(({ json }) => json?.txType === 'create');
      followed.add(json?.mint);
    }
    client.send({ method: 'subscribeTokenTrade', keys: [...followed] });
    expect(await client.next('message')).toBeDefined();
    const { json } = await client.events.awaitNext(({ json }) => json?.txType === 'buy');
    expect(followed).toContain(json?.mint);
    const trades = client.events.all.filter(({ json }) => ['buy', 'sell'].includes(String(json?.txType)));
    for (const trade of trades) expect(followed).toContain(trade.json?.mint);
  });

  it('refuses a second connection and remembers that there was one', async () => {
    const { connect, metric } = await startSimulator();
    const first = await connect('/api/data');
    const second = await connect('/api/data?api-key=other');
    expect(await second.closed()).toMatchObject({ code: 1008 });
    expect(first.socket.readyState).toBe(WebSocket.OPEN);
    expect(await metric('onefeed_sim_max_connections{venue="pumpfun"}')).toBe(2);
    expect(await metric('onefeed_sim_violations_total{venue="pumpfun"}')).toBe(1);
  });

  it('or kicks the first one, when that is the policy', async () => {
    const { connect } = await startSimulator({ SIM_SECOND_CONNECTION: 'kick' });
    const first = await connect('/api/data');
    const second = await connect('/api/data');
    expect(await first.closed()).toMatchObject({ code: 1008 });
    expect(second.socket.readyState).toBe(WebSocket.OPEN);
  });
});

describe('the control endpoints', () => {
  it('cut connections without a close frame', async () => {
    const { connect, post } = await startSimulator();
    const client = await connect('/ws');
    expect((await post('/sim/drop', { venue: 'binance' })).body).toEqual({ dropped: 1 });
    expect(await client.closed()).toMatchObject({ code: 1006 });
  });

  it('refuse connections and REST until told otherwise', async () => {
    const { connect, post, get } = await startSimulator();
    await post('/sim/refuse', { venue: 'binance' });
    await expect(connect('/ws')).rejects.toThrow('503');
    expect((await get('/api/v3/time')).status).toBe(503);
    await post('/sim/refuse', { venue: 'binance', on: false });
    expect((await get('/api/v3/time')).status).toBe(200);
  });

  it('silence a venue, send any frame, announce a shutdown, break REST', async () => {
    const { connect, post, get } = await startSimulator({ SIM_SPEED: '60' });
    const client = await connect('/stream?streams=btcusdt@kline_1m');
    await client.next('stream');
    await post('/sim/silence', { venue: 'binance' });
    await post('/sim/frame', { venue: 'binance', text: '{"odd":1}' });
    await client.next('odd');
    const before = client.events.all.length;
    await post('/sim/shutdown', {});
    expect(await client.next('stream')).toMatchObject({
      stream: '!serverShutdown',
      data: { e: 'serverShutdown' },
    });
    expect(client.events.all.length).toBe(before + 1);
    await post('/sim/rest', { statuses: [429, 500] });
    const limited = await get('/api/v3/time');
    expect(limited.status).toBe(429);
    expect(limited.headers.get('retry-after')).toBe('1');
    expect((await get('/api/v3/time')).status).toBe(500);
    expect((await get('/api/v3/time')).status).toBe(200);
    const { body } = await post('/sim/reset', {});
    expect(body).toMatchObject({ silence: { binance: false } });
  });

  it('answer bad requests with 400 and are shut unless enabled', async () => {
    const { post, get } = await startSimulator();
    expect((await post('/sim/drop', { venue: 'kraken' })).status).toBe(400);
    expect((await post('/sim/frame', { venue: 'binance' })).status).toBe(400);
    expect((await post('/sim/rest', { statuses: [200] })).status).toBe(400);
    expect((await post('/sim/nothing', {})).status).toBe(404);
    expect((await get('/sim/truth?symbol=NOPE&interval=1m&from=0')).status).toBe(400);
    const shut = await startSimulator({ SIM_CONTROL: '' });
    expect((await shut.post('/sim/drop', { venue: 'binance' })).status).toBe(404);
  });
});

describe('a replay over the socket', () => {
  it('sends every row as a final frame, passes over the hole and then stands still', async () => {
    const start = Date.UTC(2023, 2, 24, 12, 30);
    const minutes = [0, 1, 2, 3, 10, 11, 12];
    const rows = minutes.map((minute) => {
      const open = start + minute * 60_000;
      return [
        open,
        `${10 + minute}.5`,
        `${12 + minute}`,
        '9',
        '11.25',
        '5.125',
        open + 59_999,
        '55.5',
        4,
        '1',
        '11',
        '0',
      ];
    });
    const folder = await mkdtemp(join(tmpdir(), 'market-sim-'));
    const path = join(folder, 'SOLUSDT-1m-2023-03.csv');
    await writeFile(path, rows.map((row) => row.join(',')).join('\n'));
    try {
      const { connect, service } = await startSimulator({ SIM_REPLAY: path, SIM_SPEED: '600' });
      const client = await connect('/ws/solusdt@kline_1m');
      const finals: Record<string, unknown>[] = [];
      while (finals.length < minutes.length) {
        const { json } = await client.events.awaitNext(({ json }) => isFinal(json));
        finals.push(json?.k as Record<string, unknown>);
      }
      const told = finals.map((k) => [k.t, k.o, k.h, k.l, k.c, k.v, k.T, k.q, k.n]);
      expect(told.map((row) => row.map(Number))).toEqual(rows.map((row) => row.slice(0, 9).map(Number)));
      const end = start + 13 * 60_000;
      await client.events.waitUntil(() => Number(service.figures().venueTime) >= end + 1_000);
      expect(service.figures().venueTime).toBe(end + 1_000);
      expect(client.socket.readyState).toBe(WebSocket.OPEN);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

const samples = resolve(import.meta.dirname, '../../../../shared/protocols/samples');

describe.skipIf(!existsSync(samples))(
  `against the recorded session in ${samples} (skipped when absent)`,
  () => {
    it('gives the recorded answer to every recorded request', async () => {
      const file = `${samples}/pumpportal_control_messages_2026-09-28.json`;
      const { exchange } = JSON.parse(readFileSync(file, 'utf8')) as {
        exchange: { out?: unknown; in?: Record<string, unknown> }[];
      };
      const { connect } = await startSimulator();
      const client = await connect('/api/data');
      for (const { out } of exchange) if (out) client.send(out);
      const expected = exchange.flatMap((step) => (step.in ? [step.in] : []));
      const answers = [];
      while (answers.length < expected.length) {
        const { json } = await client.events.awaitNext(
          ({ json }) => json !== undefined && !('txType' in json),
        );
        answers.push(json);
      }
      expect(answers).toEqual(expected);
    });
  },
);
