import { expect, test } from 'vitest';
import { btc, createStreamWorld, frame, liveWith } from '../testing/stream-world.ts';

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
  const { client, venue, clock, dropped } = createStreamWorld();
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
