import { type BackoffLimits, backoffDelayMs } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { HandshakeRefusal, OpenSocket, Socket } from './socket.ts';
import {
  type ConnectionEvent,
  type ConnectionState,
  nextConnectionState,
  STATES_WITH_FRAMES,
  STATES_WITH_SOCKET,
} from './state.ts';

/** Why a connection ended; a label of metrics, so of few values. */
export type DropCause =
  | 'closed_by_venue'
  | 'unreachable'
  | 'banned'
  | 'silent'
  | 'no_answer'
  | 'planned'
  | 'stopped';

export interface ConnectionDeps {
  openSocket: OpenSocket;
  clock: Clock;
  /** Numbers in [0, 1). */
  random: () => number;
}

export interface ConnectionOptions {
  url: string;
  /** The socket is dropped when nothing, not even a heartbeat, came for this long. */
  silenceMs: number;
  /** Opened but not subscribed within this time: dropped. */
  subscribeMs: number;
  /** Pings we send ourselves; null when the venue does. */
  pingEveryMs: number | null;
  backoff: BackoffLimits;
  /** The socket is open: send the subscriptions, then call `subscribed()` when they are acknowledged. */
  onOpened(): void;
  onText(text: string): void;
  onBinary(): void;
  onState(state: ConnectionState): void;
  onDropped(cause: DropCause, detail: string): void;
}

/** A connection that comes back by itself, with at most one socket at any time, until it drains or is stopped. */
export interface Connection {
  start(): void;
  /** Resolves when the socket is really closed. Idempotent. */
  stop(): Promise<void>;
  send(text: string): void;
  subscribed(): void;
  /** Streams that should speak do not: `stale` until `refreshed`, still delivering. */
  silenced(): void;
  refreshed(): void;
  /** A successor takes over: delivers until it is stopped or closed, and never connects again. */
  drain(): void;
  /** Gives the socket up and opens another: at once when planned, else after a backoff. */
  drop(cause: DropCause, detail?: string): void;
  state(): ConnectionState;
  /** Sockets that exist or may exist: 0 or 1. */
  sockets(): number;
}

/** A connection that lived this long starts its backoff from the beginning. */
const SETTLED_MS = 10_000;
/** A socket that has not reported its close after this long is destroyed. */
const TERMINATE_AFTER_MS = 5_000;
/** Destroyed, it is gone for the system within one turn of the event loop; only after that it counts as closed. */
const FORGET_AFTER_MS = 1_000;
/** Statuses of a handshake that mean "not you, not now", and how long to keep away when it is not said. */
const BAN_MS: Readonly<Record<number, number>> = { 403: 120_000, 418: 120_000, 429: 60_000 };
const LONGEST_BAN_MS = 3 * 86_400_000;

export function createConnection(options: ConnectionOptions, deps: ConnectionDeps): Connection {
  const { clock } = deps;
  let state: ConnectionState = 'idle';
  let socket: Socket | null = null;
  let attempt = 0;
  let liveSince = 0;
  let lastHeard = 0;
  let dropCause: DropCause | null = null;
  /** Ends the wait for a socket that does not report its close. */
  let forget = () => {};
  let waitingForStop: (() => void)[] = [];
  const timers = new Map<string, () => void>();

  const later = (name: string, delayMs: number, run: () => void) => {
    timers.get(name)?.();
    timers.set(name, clock.after(delayMs, run));
  };
  const clearTimers = () => {
    for (const cancel of timers.values()) cancel();
    timers.clear();
  };
  const step = (event: ConnectionEvent): boolean => {
    const next = nextConnectionState(state, event);
    if (next === state) return false;
    state = next;
    options.onState(state);
    return true;
  };

  function open(): void {
    // The handlers of a socket that was given up must not reach the next one.
    let current = true;
    const closed = (detail: string, refusal?: HandshakeRefusal) => {
      if (!current) return;
      current = false;
      onClosed(detail, refusal);
    };
    dropCause = null;
    lastHeard = clock.now();
    later('silence', options.silenceMs, watchSilence);
    socket = deps.openSocket(options.url, {
      onOpen: () => {
        if (!current || !step('opened')) return;
        lastHeard = clock.now();
        later('subscribe', options.subscribeMs, () =>
          drop('no_answer', 'subscriptions were not acknowledged'),
        );
        if (options.pingEveryMs !== null) keepPinging(options.pingEveryMs);
        options.onOpened();
      },
      onText: (text) => {
        if (!current) return;
        lastHeard = clock.now();
        if (STATES_WITH_FRAMES.has(state)) options.onText(text);
      },
      onBinary: () => {
        if (current) options.onBinary();
      },
      onHeartbeat: () => {
        lastHeard = clock.now();
      },
      onClose: (code, reason, refusal) => closed(`${code} ${reason}`.trim(), refusal),
    });
    forget = () => closed('the socket did not close in time');
  }

  function onClosed(detail: string, refusal?: HandshakeRefusal): void {
    const before = state;
    clearTimers();
    socket = null;
    const banMs = refusal === undefined ? undefined : BAN_MS[refusal.status];
    const unplanned =
      banMs !== undefined ? 'banned' : before === 'connecting' ? 'unreachable' : 'closed_by_venue';
    const cause = dropCause ?? (before === 'draining' ? 'planned' : unplanned);
    if (dropCause === null && before !== 'draining') options.onDropped(cause, detail);
    if (isLive(before) && clock.now() - liveSince >= SETTLED_MS) attempt = 0;
    step(banMs === undefined ? 'closed' : 'refused');
    if (state === 'stopped') {
      for (const resolve of waitingForStop) resolve();
      waitingForStop = [];
    } else if (state === 'banned') {
      later('retry', Math.min(LONGEST_BAN_MS, refusal?.retryAfterMs ?? banMs ?? 0), () => {
        if (step('retry')) open();
      });
    } else {
      // At once, but once: a socket that is told to go before it settled backs off like any other.
      const delayMs =
        cause === 'planned' && attempt === 0 ? 0 : backoffDelayMs(attempt, options.backoff, deps.random());
      attempt += 1;
      later('retry', delayMs, () => {
        if (step('retry')) open();
      });
    }
  }

  function drop(cause: DropCause, detail = ''): void {
    const wasLive = isLive(state);
    if (!step('dropped')) return;
    if (wasLive && clock.now() - liveSince >= SETTLED_MS) attempt = 0;
    dropCause = cause;
    options.onDropped(cause, detail);
    closeSocket();
  }

  function closeSocket(): void {
    clearTimers();
    later('terminate', TERMINATE_AFTER_MS, terminate);
    socket?.close();
  }

  /** Makes sure that the old socket is gone before anything else may open the next one (I1). */
  function terminate(): void {
    socket?.terminate();
    later('forget', FORGET_AFTER_MS, () => forget());
  }

  function watchSilence(): void {
    const silentMs = clock.now() - lastHeard;
    if (silentMs >= options.silenceMs) drop('silent', `nothing came for ${silentMs} ms`);
    else later('silence', options.silenceMs - silentMs, watchSilence);
  }

  function keepPinging(everyMs: number): void {
    later('ping', everyMs, () => {
      socket?.ping();
      keepPinging(everyMs);
    });
  }

  const isLive = (one: ConnectionState) => one === 'live' || one === 'stale';

  return {
    start() {
      if (step('start')) open();
    },
    stop() {
      if (!step('stop') && state !== 'stopping') return Promise.resolve();
      if (state === 'stopped') {
        clearTimers();
        return Promise.resolve();
      }
      const done = new Promise<void>((resolve) => waitingForStop.push(resolve));
      dropCause = 'stopped';
      closeSocket();
      return done;
    },
    send(text) {
      socket?.send(text);
    },
    subscribed() {
      timers.get('subscribe')?.();
      if (step('subscribed')) liveSince = clock.now();
    },
    silenced() {
      step('silenced');
    },
    refreshed() {
      step('refreshed');
    },
    drain() {
      step('drain');
    },
    drop,
    state: () => state,
    sockets: () => (STATES_WITH_SOCKET.has(state) ? 1 : 0),
  };
}
