import { expect, test } from 'vitest';
import { createFakeVenue, createManualClock } from '../testing/fake-venue.ts';
import { createLogStreamClient } from './log-stream-client.ts';
import { PUMP_PROGRAM } from './program-address.ts';

const SIGNATURE = '5ZSwbesmn1so7F3EfAEkBcRcMmF38nTB9ycgU4gGwKN73QJD3DpTxRbqE2MB3YqErcvzqoyCPW6f5KtrGuKSEUDh';
const MIGRATION = Buffer.concat([
  Buffer.from('bde95db95c94ea94', 'hex'),
  Buffer.alloc(64, 1),
  Buffer.from([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
  Buffer.alloc(72, 1),
]);

function setUp() {
  const clock = createManualClock();
  const venue = createFakeVenue();
  const told: string[] = [];
  const client = createLogStreamClient(
    {
      url: 'ws://node/?api-key=secret',
      onEvent: ({ event }) => told.push(event.kind),
      onFrame: () => {},
      onBad: (reason) => told.push(`bad ${reason}`),
      onPassedOver: (reason) => told.push(`passed over ${reason}`),
      onRefused: (text) => told.push(`refused ${text}`),
      onState: () => {},
      onDropped: (cause, detail) => told.push(`dropped ${cause} ${detail}`),
    },
    { openSocket: venue.openSocket, clock, random: () => 0 },
  );
  const say = (frame: object) => venue.socket().handlers.onText(JSON.stringify(frame));
  const log = (logs: string[], err: unknown = null) => {
    const result = { context: { slot: 1 }, value: { signature: SIGNATURE, err, logs } };
    say({ jsonrpc: '2.0', method: 'logsNotification', params: { subscription: 9, result } });
  };
  const goLive = () => {
    venue.socket().handlers.onOpen();
    say({ jsonrpc: '2.0', id: 1, result: 9 });
  };
  return { clock, venue, client, told, say, log, goLive };
}

test("subscribes to the program's logs and tells what happens", () => {
  const { client, venue, goLive, log, told } = setUp();
  client.start();
  goLive();
  expect(client.state()).toBe('live');
  expect(venue.socket().sent.map((text) => JSON.parse(text))).toEqual([
    {
      jsonrpc: '2.0',
      id: 1,
      method: 'logsSubscribe',
      params: [{ mentions: [PUMP_PROGRAM] }, { commitment: 'processed' }],
    },
  ]);
  log([
    `Program ${PUMP_PROGRAM} invoke [1]`,
    `Program data: ${MIGRATION.toString('base64')}`,
    'Program data: AAAA',
    'Log truncated',
  ]);
  log([], { InstructionError: [0, 'x'] });
  expect(told).toEqual(['bad bad_event', 'migrated', 'checked', 'passed over failed_transaction']);
});

test('a refused subscription is tried again on a new connection, and its key is not told', () => {
  const { client, venue, say, told, clock } = setUp();
  client.start();
  venue.socket().handlers.onOpen();
  say({ jsonrpc: '2.0', id: 1, error: { code: -32_602, message: 'Invalid params' } });
  expect(client.state()).toBe('closing');
  venue.socket().close(1000);
  clock.advance(1_000);
  expect(venue.sockets).toHaveLength(2);
  expect(told).toEqual(['refused Invalid params', 'dropped no_answer the subscription was refused']);
});

test('a node that stops to speak is left, sooner the more it spoke', () => {
  const { client, venue, goLive, log, told, clock } = setUp();
  client.start();
  goLive();
  for (let at = 0; at < 100; at += 1) {
    clock.advance(100);
    log([], 'failed');
  }
  told.length = 0;
  clock.advance(10_000);
  venue.socket().handlers.onHeartbeat();
  expect(told).toEqual([]);
  clock.advance(5_000);
  expect(told).toEqual(['dropped silent no transaction for 15000 ms']);
  expect(client.quietThresholdMs()).toBe(15_000);
});

test('one socket at any time, also when the old one does not report its close', () => {
  const { client, venue, goLive, clock } = setUp();
  client.start();
  goLive();
  clock.advance(60_000);
  expect(client.state()).toBe('closing');
  expect(client.sockets()).toBe(1);
  // The fake throws when a second one is opened beside it.
  clock.advance(30_000);
  expect(venue.sockets[0]?.terminated).toBe(true);
  expect(venue.sockets.length).toBeGreaterThan(1);
});
