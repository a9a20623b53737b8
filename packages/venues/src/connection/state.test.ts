import { expect, test } from 'vitest';
import {
  CONNECTION_EVENTS,
  CONNECTION_STATES,
  type ConnectionEvent,
  type ConnectionState,
  nextConnectionState,
  STATES_WITH_FRAMES,
  STATES_WITH_SOCKET,
} from './state.ts';

/** Complete on purpose: a state or event without its line does not compile. */
const EXPECTED: Record<ConnectionState, Record<ConnectionEvent, ConnectionState>> = {
  idle: {
    start: 'connecting',
    opened: 'idle',
    subscribed: 'idle',
    silenced: 'idle',
    refreshed: 'idle',
    drain: 'idle',
    dropped: 'idle',
    closed: 'idle',
    refused: 'idle',
    retry: 'idle',
    stop: 'stopped',
  },
  connecting: {
    start: 'connecting',
    opened: 'subscribing',
    subscribed: 'connecting',
    silenced: 'connecting',
    refreshed: 'connecting',
    drain: 'connecting',
    dropped: 'closing',
    closed: 'backing_off',
    refused: 'banned',
    retry: 'connecting',
    stop: 'stopping',
  },
  subscribing: {
    start: 'subscribing',
    opened: 'subscribing',
    subscribed: 'live',
    silenced: 'subscribing',
    refreshed: 'subscribing',
    drain: 'subscribing',
    dropped: 'closing',
    closed: 'backing_off',
    refused: 'subscribing',
    retry: 'subscribing',
    stop: 'stopping',
  },
  live: {
    start: 'live',
    opened: 'live',
    subscribed: 'live',
    silenced: 'stale',
    refreshed: 'live',
    drain: 'draining',
    dropped: 'closing',
    closed: 'backing_off',
    refused: 'live',
    retry: 'live',
    stop: 'stopping',
  },
  stale: {
    start: 'stale',
    opened: 'stale',
    subscribed: 'stale',
    silenced: 'stale',
    refreshed: 'live',
    drain: 'draining',
    dropped: 'closing',
    closed: 'backing_off',
    refused: 'stale',
    retry: 'stale',
    stop: 'stopping',
  },
  draining: {
    start: 'draining',
    opened: 'draining',
    subscribed: 'draining',
    silenced: 'draining',
    refreshed: 'draining',
    drain: 'draining',
    dropped: 'stopping',
    closed: 'stopped',
    refused: 'draining',
    retry: 'draining',
    stop: 'stopping',
  },
  closing: {
    start: 'closing',
    opened: 'closing',
    subscribed: 'closing',
    silenced: 'closing',
    refreshed: 'closing',
    drain: 'closing',
    dropped: 'closing',
    closed: 'backing_off',
    refused: 'banned',
    retry: 'closing',
    stop: 'stopping',
  },
  backing_off: {
    start: 'backing_off',
    opened: 'backing_off',
    subscribed: 'backing_off',
    silenced: 'backing_off',
    refreshed: 'backing_off',
    drain: 'backing_off',
    dropped: 'backing_off',
    closed: 'backing_off',
    refused: 'backing_off',
    retry: 'connecting',
    stop: 'stopped',
  },
  banned: {
    start: 'banned',
    opened: 'banned',
    subscribed: 'banned',
    silenced: 'banned',
    refreshed: 'banned',
    drain: 'banned',
    dropped: 'banned',
    closed: 'banned',
    refused: 'banned',
    retry: 'connecting',
    stop: 'stopped',
  },
  stopping: {
    start: 'stopping',
    opened: 'stopping',
    subscribed: 'stopping',
    silenced: 'stopping',
    refreshed: 'stopping',
    drain: 'stopping',
    dropped: 'stopping',
    closed: 'stopped',
    refused: 'stopped',
    retry: 'stopping',
    stop: 'stopping',
  },
  stopped: {
    start: 'stopped',
    opened: 'stopped',
    subscribed: 'stopped',
    silenced: 'stopped',
    refreshed: 'stopped',
    drain: 'stopped',
    dropped: 'stopped',
    closed: 'stopped',
    refused: 'stopped',
    retry: 'stopped',
    stop: 'stopped',
  },
};

const every = CONNECTION_STATES.flatMap((state) => CONNECTION_EVENTS.map((event) => ({ state, event })));

test.each(every)('$state on $event', ({ state, event }) => {
  expect(nextConnectionState(state, event)).toBe(EXPECTED[state][event]);
});

test('a socket is opened only from states without one', () => {
  for (const { state, event } of every) {
    const next = nextConnectionState(state, event);
    if (next === 'connecting' && state !== 'connecting') expect(STATES_WITH_SOCKET.has(state)).toBe(false);
  }
});

test('what drains never connects again, whatever happens', () => {
  const reached = new Set<ConnectionState>(['draining']);
  for (const state of reached) {
    for (const event of CONNECTION_EVENTS) reached.add(nextConnectionState(state, event));
  }
  expect([...reached].toSorted()).toEqual(['draining', 'stopped', 'stopping']);
});

test('frames come only over a socket', () => {
  for (const state of STATES_WITH_FRAMES) expect(STATES_WITH_SOCKET.has(state)).toBe(true);
});
