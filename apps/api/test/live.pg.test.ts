import type { Candle, Signal, SocketStats, StoredCandle } from '@onefeed/contracts';
import { buildCandle, buildCandles } from '@onefeed/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LiveClient, openEventSource, openLiveClient } from './live-client.ts';
import { startTestApi, type TestApi, type TestUser } from './test-api.ts';

const CHANNEL = 'candles:binance:BTCUSDT:1m';

let api: TestApi;
let address: string;
let ann: TestUser;
let bob: TestUser;
const clients: LiveClient[] = [];
beforeAll(async () => {
  api = await startTestApi();
  address = await api.listen();
  ann = await api.register();
  bob = await api.register();
});
afterAll(async () => {
  for (const client of clients) client.socket.terminate();
  await api.close();
});

const open = async (user: TestUser, headers: Record<string, string> = {}): Promise<LiveClient> => {
  const client = await openLiveClient(`ws://${address}/api/ws`, {
    authorization: `Bearer ${user.token}`,
    ...headers,
  });
  clients.push(client);
  return client;
};
const sendForming = (...candles: Partial<Candle>[]): void =>
  api.peer.publishList(
    'market',
    'forming.binance',
    candles.map((candle) => buildCandle({ closed: false, ...candle })),
    (part) => ({
      type: 'formingCandles',
      candles: part,
    }),
  );
/** As the gateway does: the table first, then the bus. */
const storeClosed = async (candles: Candle[]): Promise<StoredCandle[]> => {
  const from = await api.repositories.candles.newestSeq('binance');
  const stored = candles.map((candle, index) => ({ ...candle, closed: true, seq: from + index + 1 }));
  await api.pool.query(
    `insert into candles (venue, instrument, timeframe, open_time, open, high, low, close, volume, quote_volume, trades, seq)
     select venue, instrument, timeframe, "openTime", open, high, low, close, volume, "quoteVolume", trades, seq
     from jsonb_to_recordset($1) as c (venue text, instrument text, timeframe text, "openTime" int8, open numeric, high numeric,
       low numeric, close numeric, volume numeric, "quoteVolume" numeric, trades int, seq int8)`,
    [JSON.stringify(stored)],
  );
  api.peer.publishList('market', 'candles.binance', stored, (part) => ({
    type: 'closedCandles',
    candles: part,
  }));
  return stored;
};
const storeSignal = async (id: number, ruleKey: string): Promise<void> => {
  const signal: Signal = {
    id: String(id),
    venue: 'binance',
    instrument: 'BTCUSDT',
    ruleKey,
    kind: 'entry',
    eventTime: id,
    eventId: `1m:${id}`,
    price: '1',
    provenance: { rule: 'secret rule', values: [] },
  };
  await api.pool.query(`insert into signals values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, [
    signal.id,
    signal.venue,
    signal.instrument,
    signal.ruleKey,
    signal.kind,
    signal.eventTime,
    signal.eventId,
    signal.price,
    JSON.stringify(signal.provenance),
  ]);
  api.peer.publishList('signals', 'signals', [signal], (signals) => ({ type: 'signals', signals }));
};
const settled = async (): Promise<void> => {
  await new Promise((resolve) => setImmediate(resolve));
  await api.app.live.feeds.settled();
};

describe('opening a socket', () => {
  it('needs a user, by header or by a ticket that works once', async () => {
    await expect(openLiveClient(`ws://${address}/api/ws`)).rejects.toThrow('refused 401');
    await expect(openLiveClient(`ws://${address}/api/ws`, { authorization: 'Bearer x' })).rejects.toThrow(
      'refused 401',
    );
    const { ticket } = (await ann.post('/api/ws-ticket')).json();
    const client = await openLiveClient(`ws://${address}/api/ws?ticket=${ticket}`);
    client.say({ op: 'ping' });
    await client.until((message) => message.op === 'pong');
    await expect(openLiveClient(`ws://${address}/api/ws?ticket=${ticket}`)).rejects.toThrow('refused 401');
    client.socket.close();
  });

  it('refuses a ticket after 30 s', async () => {
    const { ticket } = (await ann.post('/api/ws-ticket')).json();
    api.advance(31_000);
    await expect(openLiveClient(`ws://${address}/api/ws?ticket=${ticket}`)).rejects.toThrow('refused 401');
  });

  it('refuses pages of other sites', async () => {
    await expect(open(ann, { origin: 'https://evil.example' })).rejects.toThrow('refused 403');
    (await open(ann, { origin: `http://${address}` })).socket.close();
  });

  it('closes with 3001 on what is not a message, and on one that is too long', async () => {
    for (const bad of [
      '{',
      '{"op":"dance"}',
      '{"op":"ping","x":1}',
      '{"op":"subscribe","channels":["candles:x"]}',
    ]) {
      const client = await open(ann);
      client.say(bad);
      expect(await client.closed()).toBe(3001);
    }
    const client = await open(ann);
    client.say(`{"op":"ping","x":"${'y'.repeat(5_000)}"}`);
    expect(await client.closed()).toBe(1009);
  });

  it('closes with 3001 who talks too much', async () => {
    const client = await open(ann);
    for (let count = 0; count < 100; count += 1) client.say({ op: 'ping' });
    expect(await client.closed()).toBe(3001);
  });
});

describe('too many clients', () => {
  it('are turned away with 429, and welcome again when others have left', async () => {
    const crowd = await api.register();
    const many: LiveClient[] = [];
    for (let count = 0; count < 20; count += 1) many.push(await open(crowd));
    await expect(open(crowd)).rejects.toThrow('refused 429');
    many[0]?.socket.close();
    await many[0]?.closed();
    (await open(crowd)).socket.terminate();
    for (const client of many) client.socket.terminate();
  });

  it('cannot get in by coming all at once, by socket or event stream', async () => {
    const small = await startTestApi({ MAX_SOCKETS_PER_ADDRESS: 3 });
    const where = await small.listen();
    const someone = await small.register();
    // Until the instruments are read the newcomers are not counted: all of them are on their way at once.
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => openEventSource(`http://${where}/api/trading-shared?symbol=BTCUSDT`)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, ...Array(7).fill(429)]);
    expect(small.app.live.sessions.all().size).toBe(3);
    await expect(
      openLiveClient(`ws://${where}/api/ws`, { authorization: `Bearer ${someone.token}` }),
    ).rejects.toThrow('refused 429');
    for (const answer of answers) await answer.stop();
    await expect.poll(() => small.app.live.sessions.all().size).toBe(0);
    await small.close();
  });

  it('are not made of requests that only look', async () => {
    const before = api.app.live.sessions.all().size;
    const look = await fetch(`http://${address}/api/trading-shared`, { method: 'HEAD' });
    expect(look.status).toBe(404);
    const plain = await fetch(`http://${address}/api/ws`, {
      headers: { authorization: `Bearer ${ann.token}` },
    });
    expect([plain.status, ((await plain.json()) as { error: { code: string } }).error.code]).toEqual([
      426,
      'UPGRADE_REQUIRED',
    ]);
    expect(api.app.live.sessions.all().size).toBe(before);
  });
});

describe('candles', () => {
  it('gives the chart with one subscribe: stored bars, the forming one, then each change', async () => {
    await storeClosed(buildCandles(['99', '100', '101'], { instrument: 'BTCUSDT', timeframe: '1m' }));
    await settled();
    const client = await open(ann);
    const first = await client.subscribe(CHANNEL);
    const { candles } = first.snapshot as { candles: { openTime: number; closed: boolean }[] };
    expect(candles).toHaveLength(3);
    const openTime = (candles[2]?.openTime ?? 0) + 60_000;
    sendForming({ openTime, close: '101' });
    const data = await client.until((message) => message.data !== undefined);
    expect(data).toMatchObject({
      channel: CHANNEL,
      epoch: first.epoch,
      offset: 1,
      data: { candle: { openTime, close: '101', closed: false } },
    });
    const other = await open(bob);
    const later = await other.subscribe(CHANNEL);
    expect((later.snapshot as { candles: unknown[] }).candles).toHaveLength(4);
    expect(later.offset).toBe(1);
  });

  it('asks the gateway for what is watched', async () => {
    await settled();
    await expect
      .poll(() => api.repositories.streamDemand.activeDemand())
      .toContainEqual({
        venue: 'binance',
        instrument: 'BTCUSDT',
        timeframe: '1m',
        historyCandles: 0,
        holders: 1,
      });
  });

  it('refuses an instrument that does not exist, and goes on', async () => {
    const client = await open(ann);
    client.say({ op: 'subscribe', channels: ['candles:binance:NOPEUSDT:1m', CHANNEL] });
    const refusal = await client.until((message) => message.op === 'error');
    expect(refusal).toMatchObject({ code: 'UNKNOWN_INSTRUMENT', channel: 'candles:binance:NOPEUSDT:1m' });
    await client.until((message) => message.op === 'subscribed' && message.channel === CHANNEL);
  });

  it('resumes with every missed message, or with a snapshot, never with a part', async () => {
    const client = await open(ann);
    const { epoch, offset } = (await client.subscribe(CHANNEL)) as { epoch: string; offset: number };
    client.socket.close();
    await client.closed();
    const openTime = 10_000_000_020_000;
    for (const close of ['1', '2', '3']) sendForming({ openTime, close });
    await settled();
    const back = await open(ann);
    const resumed = await back.subscribe(CHANNEL, { epoch, offset });
    expect(resumed).toMatchObject({ recovered: true, epoch, offset });
    expect(resumed.snapshot).toBeUndefined();
    const last = await back.until((message) => message.offset === offset + 3);
    expect((last.data as { candle: { close: string } }).candle.close).toBe('3');
    const offsets = back.messages
      .filter((message) => message.data !== undefined)
      .map((message) => message.offset);
    expect(offsets).toEqual([offset + 1, offset + 2, offset + 3]);

    const stranger = await back.subscribe(CHANNEL, { epoch: 'another life', offset });
    expect(stranger.recovered).toBeUndefined();
    expect(stranger.snapshot).toBeDefined();
    for (let close = 0; close < 301; close += 1) sendForming({ openTime, close: String(1_000 + close) });
    await back.until((message) => message.offset === offset + 304);
    const tooLate = await back.subscribe(CHANNEL, { epoch, offset });
    expect(tooLate.snapshot).toBeDefined();
    expect(tooLate.offset).toBe(offset + 304);
  });

  it('sends history that arrives in bulk as one new snapshot', async () => {
    const client = await open(ann);
    await client.subscribe('candles:binance:BTCUSDT:4h');
    await storeClosed(
      buildCandles(
        Array.from({ length: 50 }, (_, index) => index + 1),
        { instrument: 'BTCUSDT', timeframe: '4h' },
      ),
    );
    const barsOf = (message: { snapshot?: unknown }) =>
      (message.snapshot as { candles?: unknown[] })?.candles?.length;
    await client.until((message) => message.op === 'subscribed' && barsOf(message) === 50);
    expect(client.messages.filter((message) => message.data !== undefined)).toHaveLength(0);
  });

  it('stops after unsubscribe', async () => {
    const client = await open(ann);
    await client.subscribe(CHANNEL);
    client.say({ op: 'unsubscribe', channels: [CHANNEL] });
    await client.until((message) => message.op === 'unsubscribed');
    sendForming({ openTime: 10_000_000_080_000, close: '7' });
    await settled();
    client.say({ op: 'ping' });
    await client.until((message) => message.op === 'pong');
    expect(client.messages.filter((message) => message.data !== undefined)).toHaveLength(0);
  });
});

describe('bots', () => {
  it('tells the owner and nobody else, rows lost on the way included', async () => {
    const { bot_id: botId } = (
      await ann.post('/api/bot/start', {
        config: {
          strategy: 'AI_PREDICTIONS',
          risk_level: 'LOW',
          tp_strategy: 'FIXED',
          tp_config: { initial_percent: 50, step_percent: 10, step_interval: 5 },
        },
      })
    ).json();
    const mine = await open(ann);
    const hers = await mine.subscribe('bots');
    expect((hers.snapshot as { bots: { id: string }[] }).bots.map((bot) => bot.id)).toContain(botId);
    const foreign = await open(bob);
    expect((await foreign.subscribe('bots')).snapshot).toEqual({ bots: [], positions: [] });

    const { shard } = (await api.pool.query('select shard from bots where id = $1', [botId])).rows[0];
    const store = async (seq: number, published: boolean): Promise<void> => {
      const event = { shard, seq, userId: ann.id, botId, at: seq, happening: { type: 'botStarted' } };
      await api.pool.query('insert into bot_events values ($1, $2, $3, $4, $5, $6)', [
        shard,
        seq,
        ann.id,
        botId,
        seq,
        event.happening,
      ]);
      if (!published) api.hub.interrupt();
      api.peer.publish('bots', `bots.${shard}`, { type: 'botEvents', events: [event] });
      if (!published) api.hub.resume();
    };
    await store(1, true);
    await store(2, false);
    await store(3, true);
    const seqs = () =>
      mine.messages.flatMap((message) =>
        ((message.data as { events?: { seq: number }[] })?.events ?? []).map((event) => event.seq),
      );
    await expect.poll(seqs).toEqual([1, 2, 3]);
    await ann.post('/api/bot/stop');
    await mine.until(
      (message) => (message.data as { changed?: { state: string } })?.changed?.state === 'stopped',
    );
    foreign.say({ op: 'ping' });
    await foreign.until((message) => message.op === 'pong');
    expect(foreign.messages.filter((message) => message.data !== undefined)).toEqual([]);
  });
});

describe('signals', () => {
  it('of built-in rules are everybodys, of an own rule only its owners', async () => {
    const source = 'timeframe 1m\nentry close > 123';
    const builtIn = (
      await ann.post('/api/strategies/validate', { source: await catalogSource('EMA_CROSS') })
    ).json().ruleKey;
    const ruleKey = (await ann.post('/api/strategies/validate', { source })).json().ruleKey;
    const mine = await open(ann);
    await mine.subscribe('signals');
    const foreign = await open(bob);
    await foreign.subscribe('signals');

    const seen = mine.messages.length;
    const created = await ann.post('/api/bots', {
      name: 'Own',
      venue: 'binance',
      instruments: ['BTCUSDT'],
      strategy: source,
      mode: 'paper',
      stake: { type: 'percent', percent: 1 },
      exitPlan: { takeProfit: { type: 'FIXED', gainPercent: 1 } },
      risk: { maxOpenPositions: 1, cooldownSeconds: 0 },
    });
    expect(created.statusCode, created.body).toBe(201);
    // The owner's stream changes: a fresh snapshot says so.
    await mine.until((message) => mine.messages.indexOf(message) >= seen && message.op === 'subscribed');

    await storeSignal(1, ruleKey);
    await storeSignal(2, builtIn);
    const idsOf = (client: LiveClient) =>
      client.messages.flatMap((message) =>
        ((message.data as { signals?: Signal[] })?.signals ?? []).map((signal) => signal.id),
      );
    await expect.poll(() => idsOf(mine)).toEqual(['1', '2']);
    await expect.poll(() => idsOf(foreign)).toEqual(['2']);
    expect((await ann.get('/api/signals')).json().signals.map((signal: Signal) => signal.id)).toEqual([
      '2',
      '1',
    ]);
    expect((await bob.get('/api/signals')).json().signals.map((signal: Signal) => signal.id)).toEqual(['2']);
    expect((await ann.get('/api/signals/1')).json().signal.provenance.rule).toBe('secret rule');
    expect((await bob.get('/api/signals/1')).statusCode).toBe(404);
  });
});

const catalogSource = async (name: string): Promise<string> =>
  (await api.app.http.inject('/api/catalog'))
    .json()
    .strategies.find((one: { name: string }) => one.name === name).source;

describe('other channels', () => {
  it('tells prices, with the latest of each instrument in the snapshot', async () => {
    const client = await open(ann);
    await client.subscribe('prices:binance');
    const price = (instrument: string, value: string) => ({ instrument, price: value, at: 5 });
    const send = (at: number, prices: object[]) =>
      api.peer.publish('market', 'prices.binance', { type: 'prices', venue: 'binance', at, prices });
    send(5, [price('BTCUSDT', '1'), price('ETHUSDT', '2')]);
    send(6, [price('BTCUSDT', '3')]);
    const told = await client.until((message) => message.offset === 2);
    expect(told.data).toEqual({ at: 6, prices: [price('BTCUSDT', '3')] });
    const snapshot = (await client.subscribe('prices:binance')).snapshot as {
      at: number;
      prices: { price: string }[];
    };
    expect(snapshot.at).toBe(6);
    expect(snapshot.prices.map((one) => one.price).sort()).toEqual(['2', '3']);
  });

  it('shows the platform to administrators only', async () => {
    const client = await open(ann);
    client.say({ op: 'subscribe', channels: ['admin'] });
    expect(await client.until((message) => message.op === 'error')).toMatchObject({
      code: 'FORBIDDEN',
      channel: 'admin',
    });
    const boss = await open(await api.admin());
    const { snapshot } = await boss.subscribe('admin');
    expect(snapshot).toMatchObject({
      maxCapacity: 100_000,
      killSwitch: { entries: false, everything: false },
    });
  });
});

describe('the shared event stream', () => {
  it('counts five sessions on six timeframes as thirty subscriptions of six streams', async () => {
    for (const client of clients) client.socket.terminate();
    await expect.poll(() => api.app.live.sessions.all().size).toBe(0);
    await api.pool.query(
      `insert into service_status values ('feed-gateway', 'g-1', '{"service":"feed-gateway","instance":"g-1","at":0,"ready":true,"reasons":[],"figures":{"upstreamConnections":1}}')`,
    );
    api.advance(1_500);
    const sessions = await Promise.all(
      [1, 2, 3, 4, 5].map(() => openEventSource(`http://${address}/api/trading-shared?symbol=BTCUSDT`)),
    );
    for (const session of sessions) {
      expect(session.status).toBe(200);
      await session.until(() => session.events.filter(({ event }) => event === 'snapshot').length >= 7);
    }
    sendForming({ openTime: 10_000_000_200_000, close: '4242' });
    await settled();
    const stats: SocketStats = (await api.app.http.inject('/api/ws-stats')).json();
    expect(stats.summary).toEqual({
      activeSessions: 5,
      totalSubscriptions: 30,
      sharedWebSockets: 6,
      efficiency: '80.0% reduction in connections',
      savings: '24 connections saved',
      upstreamConnections: 1,
    });
    expect(stats.websockets.map((one) => one.timeframe)).toEqual(['1m', '5m', '15m', '1h', '4h', '1d']);
    expect(stats.websockets[0]).toMatchObject({
      venue: 'binance',
      symbol: 'BTCUSDT',
      subscribers: 5,
      currentPrice: '4242',
      lastUpdate: expect.any(Number),
    });
    for (const session of sessions) {
      await session.until(() =>
        session.events.some(({ event, data }) => event === 'data' && data.channel === CHANNEL),
      );
      expect(session.events.some(({ data }) => data.channel === 'bots')).toBe(false);
      await session.stop();
    }
    await expect
      .poll(async () => (await api.app.http.inject('/api/ws-stats')).json().summary.totalSubscriptions)
      .toBe(0);
  });

  it('shows the callers bots when it knows the caller, by ticket too', async () => {
    const { ticket } = (await ann.post('/api/ws-ticket')).json();
    const session = await openEventSource(`http://${address}/api/trading-shared?ticket=${ticket}`);
    await session.until(() => session.events.some(({ data }) => data.channel === 'bots'));
    await session.stop();
    const wrong = await openEventSource(`http://${address}/api/trading-shared?ticket=${ticket}`);
    expect(wrong.status).toBe(401);
  });

  it('refuses an unknown symbol', async () => {
    expect((await api.app.http.inject('/api/trading-shared?symbol=NOPE')).json().error.code).toBe(
      'UNKNOWN_INSTRUMENT',
    );
  });
});

describe('endings', () => {
  it('closes with 3005 when the access token expires', async () => {
    const client = await open(ann);
    api.advance(901_000);
    expect(await client.closed()).toBe(3005);
  });

  it('ends idle event streams after 30 minutes', async () => {
    const session = await openEventSource(`http://${address}/api/trading-shared`);
    await session.until(() => session.events.length >= 7);
    api.advance(1_801_000);
    await session.ended;
    expect(session.events.at(-1)?.event).toBe('idle');
  });

  it('says 1012 to everybody when it stops', async () => {
    const user = await api.register();
    // The api's clock is ahead of the one tokens are signed with.
    const token = api.app.http.jwt.sign({ role: 'user' }, { sub: user.id, expiresIn: 86_400_000 });
    const client = await open({ ...user, token });
    await api.app.live.stop();
    expect(await client.closed()).toBe(1012);
  });
});
