import type { ConnectionDeps } from '../connection/connection.ts';
import { type ConnectionState, STATES_WITH_FRAMES } from '../connection/state.ts';
import { type BinanceStream, nameOf } from './binance-stream.ts';
import { type BinanceFrameHandlers, createStreamSocket, type StreamSocket } from './stream-socket.ts';

/** The wait before a change of sockets is tried again when the line was not live at its time. */
const ROLL_RETRY_MS = 1_000;
/** Lines that opened together do not change their sockets together. */
const ROLLOVER_SPREAD = 0.05;

export type RolloverCause = 'age' | 'announced';

export interface StreamLineOptions extends BinanceFrameHandlers {
  baseUrl: string;
  /** A socket is replaced at this age; the venue cuts it at 24 h. */
  rolloverMs: number;
  onState(state: ConnectionState): void;
  /** Nothing carries these streams any more; `onSubscribed` follows when something does again. */
  onInterrupted(streams: BinanceStream[]): void;
  /** A new socket has taken over from the old one. */
  onRolledOver(cause: RolloverCause): void;
}

/** The streams of one connection, over changes of its socket. */
export interface StreamLine {
  readonly wanted: Map<string, BinanceStream>;
  start(): void;
  stop(): Promise<void>;
  /** `wanted` was changed. */
  changed(): void;
  missed(name: string): void;
  carries(name: string): boolean;
  /** States of its one or, during a change, two connections; the present one first. */
  states(): ConnectionState[];
  delivers(): boolean;
  streams(): number;
  sockets(): number;
}

/**
 * Keeps streams flowing over planned ends of a socket: before its age limit, and when the venue announces a
 * shutdown, a second socket is opened and subscribed, and only when it is live the first one is closed. Streams
 * carried by both meanwhile were never interrupted, so nothing is read again for them. At most two sockets.
 */
export function createStreamLine(options: StreamLineOptions, deps: ConnectionDeps): StreamLine {
  const { clock } = deps;
  const wanted = new Map<string, BinanceStream>();
  /** Streams a socket carries, or carried until a moment ago. */
  const covered = new Set<string>();
  let old: StreamSocket | null = null;
  let current = open();
  let rolloverCause: RolloverCause = 'age';
  let cancelRollover: (() => void) | null = null;
  let presentState: ConnectionState = 'idle';
  let started = false;

  function open(): StreamSocket {
    const socket: StreamSocket = createStreamSocket(
      {
        ...options,
        wanted,
        onState: (state) => stateOf(socket, state),
        onSubscribed(streams) {
          const fresh = streams.filter((stream) => old === null || !old.carries(nameOf(stream)));
          for (const stream of streams) covered.add(nameOf(stream));
          if (fresh.length > 0) options.onSubscribed(fresh);
        },
        // An old socket that is told to go already has its successor; one that is not live has none to wait for.
        onShutdown: () => socket === old || roll('announced'),
      },
      deps,
    );
    return socket;
  }

  function stateOf(socket: StreamSocket, state: ConnectionState): void {
    options.onState(state);
    if (socket === old) {
      // The successor is late: what it does not carry yet is carried by nobody now.
      if (!STATES_WITH_FRAMES.has(state)) interrupted();
      if (state === 'stopped') old = null;
    } else if (socket === current) {
      const before = presentState;
      presentState = state;
      // Back from `stale` it is the same socket, as old as it was.
      if (state === 'live' && before !== 'stale') settled();
      else if (state !== 'live' && !STATES_WITH_FRAMES.has(state)) interrupted();
    }
  }

  /** Tells, once, of streams that were carried and are not any more. */
  function interrupted(): void {
    const lost = [...covered].filter((name) => !carries(name));
    for (const name of lost) covered.delete(name);
    const streams = lost.flatMap((name) => wanted.get(name) ?? []);
    if (started && streams.length > 0) options.onInterrupted(streams);
  }

  function settled(): void {
    planRollover();
    if (old === null) return;
    options.onRolledOver(rolloverCause);
    void old.stop();
  }

  function planRollover(delayMs = options.rolloverMs * (1 - ROLLOVER_SPREAD * deps.random())): void {
    cancelRollover?.();
    cancelRollover = clock.after(delayMs, () => {
      // A reconnect meanwhile has planned its own.
      if (!roll('age')) planRollover(ROLL_RETRY_MS);
    });
  }

  function roll(cause: RolloverCause): boolean {
    const state = current.state();
    if (!started || old !== null || (state !== 'live' && state !== 'stale')) return false;
    rolloverCause = cause;
    cancelRollover?.();
    old = current;
    old.drain();
    current = open();
    current.start();
    return true;
  }

  const carries = (name: string) => current.carries(name) || old?.carries(name) === true;

  return {
    wanted,
    start() {
      started = true;
      current.start();
    },
    async stop() {
      started = false;
      cancelRollover?.();
      await Promise.all([current.stop(), old?.stop()]);
    },
    changed: () => current.changed(),
    missed(name) {
      // During a change the streams are subscribed anew anyway.
      if (old === null) current.missed(name);
    },
    carries,
    states: () => [current.state(), ...(old === null ? [] : [old.state()])],
    delivers: () =>
      [current, old].some((socket) => {
        const state = socket?.state();
        return state === 'live' || state === 'stale' || state === 'draining';
      }),
    streams: () => [...wanted.keys()].filter(carries).length,
    sockets: () => current.sockets() + (old?.sockets() ?? 0),
  };
}
