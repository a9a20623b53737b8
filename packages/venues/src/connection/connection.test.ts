import { expect, test } from 'vitest';
import { createFakeVenue, createManualClock } from '../testing/fake-venue.ts';
import { createConnection, type DropCause } from './connection.ts';

function setUp(pingEveryMs: number | null = null) {
  const clock = createManualClock();
  const venue = createFakeVenue();
  const causes: DropCause[] = [];
  const texts: string[] = [];
  const connection = createConnection(
    {
      url: 'ws://venue',
      silenceMs: 60_000,
      subscribeMs: 15_000,
      pingEveryMs,
      backoff: { firstMs: 500, maxMs: 8_000 },
      onOpened: () => connection.send('subscribe'),
      onText: (text) => texts.push(text),
      onBinary: () => {},
      onState: () => {},
      onDropped: (cause) => causes.push(cause),
    },
    { openSocket: venue.openSocket, clock, random: () => 1 },
  );
  const goLive = () => {
    venue.socket().handlers.onOpen();
    connection.subscribed();
  };
  return { clock, venue, causes, texts, connection, goLive };
}

test('opens, subscribes, goes live', () => {
  const { venue, connection, goLive, texts } = setUp();
  connection.start();
  expect(connection.state()).toBe('connecting');
  goLive();
  expect(connection.state()).toBe('live');
  expect(venue.socket().sent).toEqual(['subscribe']);
  venue.socket().handlers.onText('news');
  expect(texts).toEqual(['news']);
  expect(connection.sockets()).toBe(1);
});

test('waits longer after each failure to connect', () => {
  const { clock, venue, connection, causes } = setUp();
  connection.start();
  for (const delayMs of [500, 1_000, 2_000, 4_000, 8_000, 8_000]) {
    const before = venue.sockets.length;
    venue.socket().close();
    clock.advance(delayMs - 1);
    expect(venue.sockets.length).toBe(before);
    clock.advance(1);
    expect(venue.sockets.length).toBe(before + 1);
  }
  expect(new Set(causes)).toEqual(new Set(['unreachable']));
});

test('a silent socket is given up, and the next opens only when it is really closed', () => {
  const { clock, venue, connection, goLive, causes } = setUp();
  connection.start();
  goLive();
  clock.advance(59_999);
  venue.socket().handlers.onHeartbeat();
  clock.advance(59_999);
  expect(connection.state()).toBe('live');
  clock.advance(1);
  expect(connection.state()).toBe('closing');
  expect(venue.socket().closing).toBe(true);
  clock.advance(4_000);
  expect(venue.sockets).toHaveLength(1);
  venue.socket().close();
  clock.advance(500);
  expect(venue.sockets).toHaveLength(2);
  expect(causes).toEqual(['silent']);
});

test('subscriptions that are not acknowledged are a failure', () => {
  const { clock, venue, connection, causes } = setUp();
  connection.start();
  venue.socket().handlers.onOpen();
  clock.advance(15_000);
  expect(connection.state()).toBe('closing');
  expect(causes).toEqual(['no_answer']);
});

test('a planned change opens the next socket without delay', () => {
  const { clock, venue, connection, goLive } = setUp();
  connection.start();
  goLive();
  connection.drop('planned');
  venue.socket().close(1000);
  clock.advance(0);
  expect(venue.sockets).toHaveLength(2);
});

test('a socket that is told to go before it settled backs off', () => {
  const { clock, venue, connection, goLive } = setUp();
  connection.start();
  goLive();
  for (const round of [1, 2]) {
    connection.drop('planned');
    venue.socket().close(1000);
    clock.advance(0);
    expect(venue.sockets).toHaveLength(2);
    if (round === 1) goLive();
  }
  clock.advance(60_000);
  expect(venue.sockets).toHaveLength(3);
});

test('a socket that was given up tells nothing to the next one', () => {
  const { clock, venue, connection, goLive, texts } = setUp();
  connection.start();
  goLive();
  const old = venue.socket();
  connection.drop('planned');
  old.handlers.onText('late');
  old.close(1000);
  clock.advance(0);
  goLive();
  old.handlers.onText('later');
  old.handlers.onClose(1006, '');
  expect(texts).toEqual([]);
  expect(connection.state()).toBe('live');
});

test('stop resolves when the socket is closed, and nothing happens afterwards', async () => {
  const { clock, venue, connection, goLive } = setUp(25_000);
  connection.start();
  goLive();
  clock.advance(25_000);
  expect(venue.socket().pings).toBe(1);
  let stopped = false;
  const stopping = connection.stop().then(() => {
    stopped = true;
  });
  await Promise.resolve();
  expect(stopped).toBe(false);
  venue.socket().close(1000);
  await stopping;
  expect(connection.state()).toBe('stopped');
  expect(connection.sockets()).toBe(0);
  clock.advance(600_000);
  expect(venue.sockets).toHaveLength(1);
  expect(clock.pending()).toBe(0);
});

test('stop before start, twice, and while backing off', async () => {
  const early = setUp();
  await early.connection.stop();
  early.connection.start();
  expect(early.venue.sockets).toHaveLength(0);

  const { clock, venue, connection } = setUp();
  connection.start();
  venue.socket().close();
  await connection.stop();
  await connection.stop();
  clock.advance(600_000);
  expect(venue.sockets).toHaveLength(1);
});

test('a socket that never reports its close is destroyed before the next one opens', () => {
  const { clock, venue, connection, goLive } = setUp();
  connection.start();
  goLive();
  connection.drop('silent');
  clock.advance(4_999);
  expect(venue.socket().terminated).toBe(false);
  clock.advance(1);
  expect(venue.socket().terminated).toBe(true);
  clock.advance(999);
  expect(connection.state()).toBe('closing');
  clock.advance(1);
  expect(connection.state()).toBe('backing_off');
  // The fake throws here if the first one still existed.
  clock.advance(8_000);
  expect(venue.sockets).toHaveLength(2);
});
