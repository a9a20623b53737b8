import { expect, test } from 'vitest';
import {
  CONNECTION_EVENTS,
  CONNECTION_STATES,
  type ConnectionEvent,
  type ConnectionState,
  nextConnectionState,
  STATES_WITH_SOCKET,
} from './state.ts';

/** Complete on purpose: a state or event without its line does not compile. */
const EXPECTED: Record<ConnectionState, Record<ConnectionEvent, ConnectionState>> = {
  idle: {
    start: 'connecting',
    opened: 'idle',
    subscribed: 'idle',
    dropped: 'idle',
    closed: 'idle',
    retry: 'idle',
    stop: 'stopped',
  },
  connecting: {
    start: 'connecting',
    opened: 'subscribing',
    subscribed: 'connecting',
    dropped: 'closing',
    closed: 'backing_off',
    retry: 'connecting',
    stop: 'stopping',
  },
  subscribing: {
    start: 'subscribing',
    opened: 'subscribing',
    subscribed: 'live',
    dropped: 'closing',
    closed: 'backing_off',
    retry: 'subscribing',
    stop: 'stopping',
  },
  live: {
    start: 'live',
    opened: 'live',
    subscribed: 'live',
    dropped: 'closing',
    closed: 'backing_off',
    retry: 'live',
    stop: 'stopping',
  },
  closing: {
    start: 'closing',
    opened: 'closing',
    subscribed: 'closing',
    dropped: 'closing',
    closed: 'backing_off',
    retry: 'closing',
    stop: 'stopping',
  },
  backing_off: {
    start: 'backing_off',
    opened: 'backing_off',
    subscribed: 'backing_off',
    dropped: 'backing_off',
    closed: 'backing_off',
    retry: 'connecting',
    stop: 'stopped',
  },
  stopping: {
    start: 'stopping',
    opened: 'stopping',
    subscribed: 'stopping',
    dropped: 'stopping',
    closed: 'stopped',
    retry: 'stopping',
    stop: 'stopping',
  },
  stopped: {
    start: 'stopped',
    opened: 'stopped',
    subscribed: 'stopped',
    dropped: 'stopped',
    closed: 'stopped',
    retry: 'stopped',
    stop: 'stopped',
  },
};

test.each(CONNECTION_STATES.flatMap((state) => CONNECTION_EVENTS.map((event) => ({ state, event }))))(
  '$state on $event',
  ({ state, event }) => {
    expect(nextConnectionState(state, event)).toBe(EXPECTED[state][event]);
  },
);

test('a socket is opened only from states without one', () => {
  for (const state of CONNECTION_STATES) {
    for (const event of CONNECTION_EVENTS) {
      const next = nextConnectionState(state, event);
      if (next === 'connecting' && state !== 'connecting') expect(STATES_WITH_SOCKET.has(state)).toBe(false);
    }
  }
});
