import { expect, test } from 'vitest';
import { createManualClock } from '../testing/fake-venue.ts';
import { limitConnects } from './connect-limit.ts';
import type { SocketHandlers } from './socket.ts';

function setUp() {
  const clock = createManualClock(0);
  const openedAt: number[] = [];
  const open = limitConnects(
    () => {
      openedAt.push(clock.now());
      return { send() {}, ping() {}, close() {}, terminate() {} };
    },
    clock,
    { max: 3, windowMs: 1_000 },
  );
  const closes: string[] = [];
  const handlers: SocketHandlers = {
    onOpen() {},
    onText() {},
    onBinary() {},
    onHeartbeat() {},
    onClose: (_code, reason) => closes.push(reason),
  };
  return { clock, openedAt, closes, connect: () => open('ws://venue', handlers) };
}

test('attempts past the limit wait for the oldest to leave the window', () => {
  const { clock, openedAt, connect } = setUp();
  connect();
  clock.advance(100);
  for (let attempt = 0; attempt < 6; attempt += 1) connect();
  clock.advance(10_000);
  expect(openedAt).toEqual([0, 100, 100, 1_000, 1_100, 1_100, 2_000]);
  for (const from of openedAt) {
    expect(openedAt.filter((at) => at >= from && at < from + 1_000).length).toBeLessThanOrEqual(3);
  }
});

test('closing an attempt that waits ends it and frees its place', () => {
  const { clock, openedAt, closes, connect } = setUp();
  for (let attempt = 0; attempt < 3; attempt += 1) connect();
  const waiting = connect();
  waiting.close();
  waiting.close();
  expect(closes).toEqual(['closed before it was opened']);
  connect();
  clock.advance(10_000);
  expect(openedAt).toEqual([0, 0, 0, 1_000]);
});
