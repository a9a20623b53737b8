/**
 * Life of a connection to a venue:
 *
 *     idle -> connecting -> subscribing -> live <-> stale    (stale: streams are silent and asked for anew)
 *               |  |            |          |  |      |
 *               |  +--> closing <----------+  +--> draining -> stopped
 *               |          |                     (a successor takes over; frames still count)
 *               |          +--> backing_off -> connecting    (no socket, jittered wait)
 *               +--> banned -> connecting                    (refused; no socket until the venue allows)
 *
 * A connection opens a socket only from a state that has none, so it never has two (I1). Only a draining one
 * lives beside another connection, and it opens no socket any more.
 */
export const CONNECTION_STATES = [
  'idle',
  'connecting',
  'subscribing',
  'live',
  'stale',
  'draining',
  'closing',
  'backing_off',
  'banned',
  'stopping',
  'stopped',
] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];

export const CONNECTION_EVENTS = [
  'start',
  'opened',
  'subscribed',
  'silenced',
  'refreshed',
  'drain',
  'dropped',
  'closed',
  'refused',
  'retry',
  'stop',
] as const;
/**
 * `silenced`: streams that should speak do not; `refreshed`: they do again; `drain`: a successor is on its way;
 * `dropped`: we give the socket up; `closed`: it is really gone; `refused`: the venue refuses this address for
 * a time; `retry`: the wait is over.
 */
export type ConnectionEvent = (typeof CONNECTION_EVENTS)[number];

/** States in which a socket exists or may exist. */
export const STATES_WITH_SOCKET: ReadonlySet<ConnectionState> = new Set([
  'connecting',
  'subscribing',
  'live',
  'stale',
  'draining',
  'closing',
  'stopping',
]);

/** States in which frames count. */
export const STATES_WITH_FRAMES: ReadonlySet<ConnectionState> = new Set([
  'subscribing',
  'live',
  'stale',
  'draining',
]);

const TRANSITIONS: Record<ConnectionState, Partial<Record<ConnectionEvent, ConnectionState>>> = {
  idle: { start: 'connecting', stop: 'stopped' },
  connecting: {
    opened: 'subscribing',
    dropped: 'closing',
    closed: 'backing_off',
    refused: 'banned',
    stop: 'stopping',
  },
  subscribing: { subscribed: 'live', dropped: 'closing', closed: 'backing_off', stop: 'stopping' },
  live: {
    silenced: 'stale',
    drain: 'draining',
    dropped: 'closing',
    closed: 'backing_off',
    stop: 'stopping',
  },
  stale: {
    refreshed: 'live',
    drain: 'draining',
    dropped: 'closing',
    closed: 'backing_off',
    stop: 'stopping',
  },
  draining: { dropped: 'stopping', closed: 'stopped', stop: 'stopping' },
  closing: { closed: 'backing_off', refused: 'banned', stop: 'stopping' },
  backing_off: { retry: 'connecting', stop: 'stopped' },
  banned: { retry: 'connecting', stop: 'stopped' },
  stopping: { closed: 'stopped', refused: 'stopped' },
  stopped: {},
};

/** The state after an event; an event that means nothing in a state leaves it. */
export function nextConnectionState(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  return TRANSITIONS[state][event] ?? state;
}
