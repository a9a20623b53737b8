import type { Candle } from '@onefeed/contracts';
import { expect, test } from 'vitest';
import { createFakeVenue, createManualClock } from '../testing/fake-venue.ts';
import { type BinanceStream, createBinanceStreamClient, MAX_STREAMS } from './stream-client.ts';

function setUp() {
  const clock = createManualClock();
  const venue = createFakeVenue();
  const candles: { candle: Candle; eventTime: number }[] = [];
  const subscribed: string[] = [];
  const refused: string[] = [];
  const bad: string[] = [];
  const dropped: string[] = [];
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
      onDropped: (cause) => dropped.push(cause),
    },
    { openSocket: venue.openSocket, clock, random: () => 0 },
  );
  const sent = () => venue.socket().sent.map((text) => JSON.parse(text));
  const acknowledge = () =>
    venue.socket().handlers.onText(JSON.stringify({ result: null, id: sent().at(-1).id }));
  return { clock, venue, client, candles, subscribed, refused, bad, dropped, sent, acknowledge };
}

const btc = (timeframe: BinanceStream['timeframe']): BinanceStream => ({ instrument: 'BTCUSDT', timeframe });
const frame = (s: string, i: string, x: boolean) =>
  JSON.stringify({
    stream: `${s.toLowerCase()}@kline_${i}`,
    data: {
      e: 'kline',
      E: 120_005,
      s,
      k: { t: 60_000, T: 119_999, s, i, o: '1', c: '1', h: '1', l: '1', v: '0', q: '0', n: 0, x },
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

test('an announced shutdown moves to a new socket at once', () => {
  const { client, venue, acknowledge, clock, dropped } = setUp();
  client.want([btc('1m')]);
  client.start();
  venue.socket().handlers.onOpen();
  acknowledge();
  venue.socket().handlers.onText('{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}}');
  venue.socket().close(1000);
  clock.advance(0);
  expect(venue.sockets).toHaveLength(2);
  expect(dropped).toEqual(['planned']);
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

test('streams past the bound of a connection are handed back', () => {
  const { client } = setUp();
  const many = Array.from(
    { length: MAX_STREAMS + 3 },
    (_, at): BinanceStream => ({
      instrument: `S${at}`,
      timeframe: '1m',
    }),
  );
  expect(client.want(many).map((one) => one.instrument)).toEqual(['S1024', 'S1025', 'S1026']);
});
