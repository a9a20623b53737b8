import type { Candle } from '@onefeed/contracts';
import { expect, test } from 'vitest';
import { createFakeVenue, createManualClock } from '../testing/fake-venue.ts';
import type { BinanceStream } from './binance-stream.ts';
import { createBinanceStreamClient, MAX_STREAMS } from './stream-client.ts';

function setUp(mostSockets = 1) {
  const clock = createManualClock();
  const venue = createFakeVenue(mostSockets);
  const candles: { candle: Candle; eventTime: number }[] = [];
  const subscribed: string[] = [];
  const refused: string[] = [];
  const bad: string[] = [];
  const dropped: string[] = [];
  const interrupted: string[] = [];
  const rolledOver: string[] = [];
  const renewed: string[] = [];
  const duplicates = { count: 0 };
  const client = createBinanceStreamClient(
    {
      baseUrl: 'ws://venue/',
      onCandle: (candle, eventTime) => candles.push({ candle, eventTime }),
      onSubscribed: (streams) =>
        subscribed.push(...streams.map((one) => `${one.instrument} ${one.timeframe}`)),
      onRefused: (streams) => refused.push(...streams.map((one) => one.instrument)),
      onFrame: () => {},
      onBad: (reason) => bad.push(reason),
      onState: () => {},
      rolloverMs: 84_600_000,
      onInterrupted: (streams) =>
        interrupted.push(...streams.map((one) => `${one.instrument} ${one.timeframe}`)),
      onRolledOver: (cause) => rolledOver.push(cause),
      onRenewed: (streams) => renewed.push(...streams.map((one) => one.timeframe)),
      onDuplicate: () => {
        duplicates.count += 1;
      },
      onDropped: (cause) => dropped.push(cause),
    },
    { openSocket: venue.openSocket, clock, random: () => 0 },
  );
  const sent = () => venue.socket().sent.map((text) => JSON.parse(text));
  const acknowledge = () =>
    venue.socket().handlers.onText(JSON.stringify({ result: null, id: sent().at(-1).id }));
  return {
    clock,
    venue,
    client,
    candles,
    subscribed,
    refused,
    bad,
    dropped,
    interrupted,
    rolledOver,
    renewed,
    duplicates,
    sent,
    acknowledge,
  };
}

const btc = (timeframe: BinanceStream['timeframe']): BinanceStream => ({ instrument: 'BTCUSDT', timeframe });
const frame = (s: string, i: string, x: boolean) =>
  JSON.stringify({
    stream: `${s.toLowerCase()}@kline_${i}`,
    data: {
      e: 'kline',
      E: 660_005,
      s,
      k: { t: 600_000, T: 659_999, s, i, o: '1', c: '1', h: '1', l: '1', v: '0', q: '0', n: 0, x },
    },
  });

test('opens no socket while nothing is wanted', () => {
  const { client, venue } = setUp();
  client.start();
  expect(venue.sockets).toHaveLength(0);
  client.want([btc('1m')]);
  expect(venue.socket().url).toBe('ws://venue/stream');
});

test('one message subscribes many streams; they are live when acknowledged', () => {
  const { client, venue, sent, acknowledge, subscribed } = setUp();
  client.want([btc('1m'), btc('5m')]);
  client.start();
  venue.socket().handlers.onOpen();
  expect(sent()).toEqual([{ method: 'SUBSCRIBE', params: ['btcusdt@kline_1m', 'btcusdt@kline_5m'], id: 1 }]);
  expect(client.state()).toBe('subscribing');
  acknowledge();
  expect(client.state()).toBe('live');
  expect(subscribed).toEqual(['BTCUSDT 1m', 'BTCUSDT 5m']);
  expect(client.streams()).toBe(2);
});

test('messages are spaced, and one waits for the answer to the last', () => {
  const { client, venue, sent, acknowledge, clock } = setUp();
  const many = Array.from(
    { length: 450 },
    (_, at): BinanceStream => ({ instrument: `S${at}`, timeframe: '1m' }),
  );
  client.want(many);
  client.start();
  venue.socket().handlers.onOpen();
  clock.advance(1_000);
  expect(sent()).toHaveLength(1);
  acknowledge();
  expect(sent()).toHaveLength(2);
  acknowledge();
  expect(sent()).toHaveLength(2);
  clock.advance(349);
  expect(sent()).toHaveLength(2);
  clock.advance(1);
  expect(sent().map((message) => message.params.length)).toEqual([200, 200, 50]);
  acknowledge();
  expect(client.state()).toBe('live');
});

test('streams come and go on the same socket', () => {
  const { client, venue, sent, acknowledge, clock, candles } = setUp();
  client.want([btc('1m')]);
  client.start();
  venue.socket().handlers.onOpen();
  acknowledge();
  client.want([btc('5m')]);
  clock.advance(350);
  acknowledge();
  clock.advance(350);
  acknowledge();
  expect(sent().map(({ method, params }) => [method, ...params])).toEqual([
    ['SUBSCRIBE', 'btcusdt@kline_1m'],
    ['UNSUBSCRIBE', 'btcusdt@kline_1m'],
    ['SUBSCRIBE', 'btcusdt@kline_5m'],
  ]);
  venue.socket().handlers.onText(frame('BTCUSDT', '1m', true));
  expect(candles).toEqual([]);
  expect(venue.sockets).toHaveLength(1);
});

test('a reconnect subscribes everything again and tells so', () => {
  const { client, venue, acknowledge, clock, subscribed, sent } = setUp();
  client.want([btc('1m')]);
  client.start();
  venue.socket().handlers.onOpen();
  acknowledge();
  venue.socket().close(1006);
  clock.advance(500);
  venue.socket().handlers.onOpen();
  acknowledge();
  expect(venue.sockets).toHaveLength(2);
  expect(sent()[0].params).toEqual(['btcusdt@kline_1m']);
  expect(subscribed).toEqual(['BTCUSDT 1m', 'BTCUSDT 1m']);
});

function liveWith(streams: BinanceStream[], mostSockets: number) {
  const world = setUp(mostSockets);
  world.client.want(streams);
  world.client.start();
  world.venue.socket().handlers.onOpen();
  world.acknowledge();
  return world;
}

test('an announced shutdown: the new socket is live before the old one closes', () => {
  const { client, venue, acknowledge, dropped, subscribed, interrupted, rolledOver, candles, duplicates } =
    liveWith([btc('1m')], 2);
  const old = venue.socket();
  old.handlers.onText('{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}}');
  old.handlers.onText('{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}}');
  expect(venue.sockets).toHaveLength(2);
  expect(client.states()).toEqual(['connecting', 'draining']);
  expect(client.state()).toBe('live');
  venue.socket().handlers.onOpen();
  expect(old.closing).toBe(false);
  old.handlers.onText(frame('BTCUSDT', '1m', true));
  acknowledge();
  expect(old.closing).toBe(true);
  venue.socket().handlers.onText(frame('BTCUSDT', '1m', true));
  old.close(1000);
  expect(candles).toHaveLength(1);
  expect(duplicates.count).toBe(1);
  expect(client.states()).toEqual(['live']);
  expect(client.sockets()).toBe(1);
  expect([dropped, interrupted]).toEqual([[], []]);
  // Nothing was missed, so nothing is read again.
  expect(subscribed).toEqual(['BTCUSDT 1m']);
  expect(rolledOver).toEqual(['announced']);
});

test('an old socket that ends before the new one is live: its streams are interrupted and told anew', () => {
  const { client, venue, acknowledge, subscribed, interrupted } = liveWith([btc('1m')], 2);
  const old = venue.socket();
  old.handlers.onText('{"e":"serverShutdown","E":1}');
  old.close(1001);
  expect(interrupted).toEqual(['BTCUSDT 1m']);
  expect(client.state()).toBe('connecting');
  venue.socket().handlers.onOpen();
  acknowledge();
  expect(subscribed).toEqual(['BTCUSDT 1m', 'BTCUSDT 1m']);
  expect(client.sockets()).toBe(1);
});

test('a new socket that fails is tried again while the old one goes on', () => {
  const { client, venue, acknowledge, clock, candles, interrupted } = liveWith([btc('1m')], 2);
  const old = venue.socket();
  old.handlers.onText('{"e":"serverShutdown","E":1}');
  venue.socket().close(1006);
  old.handlers.onText(frame('BTCUSDT', '1m', true));
  expect(candles).toHaveLength(1);
  clock.advance(500);
  venue.socket().handlers.onOpen();
  acknowledge();
  old.close(1000);
  expect(interrupted).toEqual([]);
  expect(client.states()).toEqual(['live']);
});

test('a socket is replaced before the venue would cut it, and stop closes both', async () => {
  const { client, venue, clock, rolledOver, acknowledge } = liveWith([btc('1d')], 2);
  const advance = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 30_000) {
      for (const socket of venue.sockets) if (!socket.closed) socket.handlers.onHeartbeat();
      if (clock.pending() > 0) clock.advance(30_000);
    }
  };
  advance(84_570_000);
  expect(venue.sockets).toHaveLength(1);
  clock.advance(30_000);
  expect(venue.sockets).toHaveLength(2);
  venue.socket().handlers.onOpen();
  acknowledge();
  expect(rolledOver).toEqual(['age']);
  venue.sockets[0]?.close(1000);
  advance(84_600_000);
  expect(venue.sockets).toHaveLength(3);
  const stopping = client.stop();
  for (const socket of venue.sockets) {
    expect(socket.closing).toBe(true);
    socket.close(1000);
  }
  await stopping;
  expect(client.sockets()).toBe(0);
  expect(clock.pending()).toBe(0);
});

test('a stream that only the history brings is subscribed anew, then reconnected; a frame clears it', () => {
  const { client, venue, acknowledge, clock, sent, renewed, dropped } = liveWith([btc('1m'), btc('5m')], 1);
  client.missed(btc('1m'));
  venue.socket().handlers.onText(frame('BTCUSDT', '1m', false));
  client.missed(btc('1m'));
  expect(renewed).toEqual([]);
  client.missed(btc('1m'));
  expect(renewed).toEqual(['1m']);
  expect(client.states()).toEqual(['stale']);
  clock.advance(350);
  acknowledge();
  clock.advance(350);
  acknowledge();
  expect(
    sent()
      .slice(1)
      .map(({ method, params }) => [method, ...params]),
  ).toEqual([
    ['UNSUBSCRIBE', 'btcusdt@kline_1m'],
    ['SUBSCRIBE', 'btcusdt@kline_1m'],
  ]);
  client.missed(btc('1m'));
  expect(client.states()).toEqual(['stale']);
  client.missed(btc('1m'));
  expect(dropped).toEqual(['silent']);
});

test('a frame of the stream that was silent ends the stale state', () => {
  const { client, venue, acknowledge, clock } = liveWith([btc('1m'), btc('5m')], 1);
  client.missed(btc('1m'));
  client.missed(btc('1m'));
  clock.advance(350);
  acknowledge();
  clock.advance(350);
  acknowledge();
  venue.socket().handlers.onText(frame('BTCUSDT', '5m', false));
  expect(client.states()).toEqual(['stale']);
  venue.socket().handlers.onText(frame('BTCUSDT', '1m', false));
  expect(client.states()).toEqual(['live']);
});

test('one silent stream among others is subscribed anew by the clock, ever more rarely', () => {
  const { venue, acknowledge, clock, renewed, dropped } = liveWith([btc('1m'), btc('5m')], 1);
  for (let passed = 0; passed < 600_000; passed += 10_000) {
    venue.socket().handlers.onText(frame('BTCUSDT', '5m', false));
    clock.advance(10_000);
    const last = JSON.parse(venue.socket().sent.at(-1) ?? '{}');
    venue.socket().handlers.onText(JSON.stringify({ result: null, id: last.id }));
  }
  expect(renewed).toEqual(['1m', '1m']);
  expect(dropped).toEqual([]);
  acknowledge();
});

test('a lost socket interrupts what it carried', () => {
  const { venue, interrupted } = liveWith([btc('1m')], 1);
  venue.socket().close(1006);
  expect(new Set(interrupted)).toEqual(new Set(['BTCUSDT 1m']));
});

test('a refused handshake keeps away as long as the venue says', () => {
  const { client, venue, clock, dropped } = setUp();
  client.want([btc('1m')]);
  client.start();
  venue.socket().closed = true;
  venue.socket().handlers.onClose(1006, 'refused', { status: 418, retryAfterMs: 300_000 });
  expect(client.state()).toBe('banned');
  expect(dropped).toEqual(['banned']);
  clock.advance(299_999);
  expect(venue.sockets).toHaveLength(1);
  clock.advance(1);
  expect(venue.sockets).toHaveLength(2);
});

test('a refused subscription is told and the others go on', () => {
  const { client, venue, refused, acknowledge, clock } = setUp();
  client.want([{ instrument: 'NOPE', timeframe: '1m' }]);
  client.start();
  venue.socket().handlers.onOpen();
  venue.socket().handlers.onText('{"code":2,"msg":"Invalid request: unknown stream"}');
  expect(refused).toEqual(['NOPE']);
  expect(client.state()).toBe('live');
  client.want([{ instrument: 'NOPE', timeframe: '1m' }, btc('1m')]);
  clock.advance(350);
  acknowledge();
  expect(client.streams()).toBe(1);
});

test('a subscription without an answer ends the connection', () => {
  const { client, venue, acknowledge, clock, dropped } = setUp();
  client.want([btc('1m')]);
  client.start();
  venue.socket().handlers.onOpen();
  acknowledge();
  client.want([btc('1m'), btc('5m')]);
  clock.advance(350 + 15_000);
  expect(dropped).toEqual(['no_answer']);
});

test('heartbeats without bars end the connection', () => {
  const { client, venue, acknowledge, clock, dropped } = setUp();
  client.want([btc('1m')]);
  client.start();
  venue.socket().handlers.onOpen();
  acknowledge();
  for (let passed = 0; passed < 90_000; passed += 10_000) {
    venue.socket().handlers.onHeartbeat();
    clock.advance(10_000);
  }
  venue.socket().close(1000);
  expect(dropped).toEqual(['silent']);
});

test('bad frames are told and change nothing', () => {
  const { client, venue, acknowledge, bad, candles } = setUp();
  client.want([btc('1m')]);
  client.start();
  venue.socket().handlers.onOpen();
  acknowledge();
  venue.socket().handlers.onText('nonsense');
  venue.socket().handlers.onBinary();
  venue.socket().handlers.onText(frame('BTCUSDT', '1m', true));
  expect(bad).toEqual(['not_json', 'binary']);
  expect(candles).toHaveLength(1);
  expect(client.state()).toBe('live');
});

const many = (count: number) =>
  Array.from({ length: count }, (_, at): BinanceStream => ({ instrument: `S${at}`, timeframe: '1m' }));

test('one connection carries 1024 streams; one more opens a second, evenly filled', () => {
  const one = setUp(10);
  one.client.start();
  expect(one.client.want(many(MAX_STREAMS))).toEqual([]);
  expect(one.venue.sockets).toHaveLength(1);
  one.client.want(many(MAX_STREAMS + 10));
  expect(one.venue.sockets).toHaveLength(2);

  const { client, venue, clock } = setUp(10);
  client.start();
  expect(client.want(many(MAX_STREAMS + 2))).toEqual([]);
  expect(venue.sockets).toHaveLength(2);
  for (const socket of venue.sockets) socket.handlers.onOpen();
  for (let turn = 0; turn < 10; turn += 1) {
    for (const socket of venue.sockets) {
      const last = JSON.parse(socket.sent.at(-1) ?? '{}');
      socket.handlers.onText(JSON.stringify({ result: null, id: last.id }));
    }
    clock.advance(350);
  }
  const carried = venue.sockets.map(({ sent }) => sent.flatMap((text) => JSON.parse(text).params).length);
  expect(carried).toEqual([513, 513]);
  expect(client.streams()).toBe(1_026);
  // The second is closed when nobody needs it any more.
  client.want(many(1));
  expect(venue.sockets.map(({ closing }) => closing)).toEqual([false, true]);
});

test('streams past the bound of all connections are handed back', () => {
  const { client } = setUp(10);
  const surplus = client.want(many(10 * MAX_STREAMS + 3));
  expect(surplus.map((one) => one.instrument)).toEqual(['S10240', 'S10241', 'S10242']);
});
