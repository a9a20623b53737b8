import { expect, test } from 'vitest';
import { btc, frame, createStreamWorld as setUp } from '../testing/stream-world.ts';
import type { BinanceStream } from './binance-stream.ts';
import { MAX_STREAMS } from './stream-client.ts';

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

test('a refused stream is asked for again', () => {
  const { client, venue, acknowledge, clock } = setUp();
  client.want([btc('1m')]);
  client.start();
  venue.socket().handlers.onOpen();
  venue.socket().handlers.onText('{"code":2,"msg":"Invalid request"}');
  expect(client.streams()).toBe(0);
  clock.advance(30_000);
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
