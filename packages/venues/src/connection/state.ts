/**
 * Life of a connection to a venue:
 *
 *     idle -> connecting -> subscribing -> live
 *                 |              |          |
 *                 +------> closing <--------+      (stale, refused, planned; the socket is still there)
 *                 |              |
 *                 +--> backing_off -> connecting   (no socket)
 *
 * A new socket is opened only from a state that has none, so there are never two (I1).
 */
export const CONNECTION_STATES = [
  'idle',
  'connecting',
  'subscribing',
  'live',
  'closing',
  'backing_off',
  'stopping',
  'stopped',
] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];

export const CONNECTION_EVENTS = [
  'start',
  'opened',
  'subscribed',
  'dropped',
  'closed',
  'retry',
  'stop',
] as const;
/** `dropped`: we give the socket up; `closed`: it is really gone; `retry`: the backoff is over. */
export type ConnectionEvent = (typeof CONNECTION_EVENTS)[number];

/** States in which a socket exists or may exist. */
export const STATES_WITH_SOCKET: ReadonlySet<ConnectionState> = new Set([
  'connecting',
  'subscribing',
  'live',
  'closing',
  'stopping',
]);

const TRANSITIONS: Record<ConnectionState, Partial<Record<ConnectionEvent, ConnectionState>>> = {
  idle: { start: 'connecting', stop: 'stopped' },
  connecting: { opened: 'subscribing', dropped: 'closing', closed: 'backing_off', stop: 'stopping' },
  subscribing: { subscribed: 'live', dropped: 'closing', closed: 'backing_off', stop: 'stopping' },
  live: { dropped: 'closing', closed: 'backing_off', stop: 'stopping' },
  closing: { closed: 'backing_off', stop: 'stopping' },
  backing_off: { retry: 'connecting', stop: 'stopped' },
  stopping: { closed: 'stopped' },
  stopped: {},
};

/** The state after an event; an event that means nothing in a state leaves it. */
export function nextConnectionState(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  return TRANSITIONS[state][event] ?? state;
}
