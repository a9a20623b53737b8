import type { ConnectionDeps } from '../connection/connection.ts';
import type { ConnectionState } from '../connection/state.ts';
import { type BinanceStream, nameOf } from './binance-stream.ts';
import { createFrameOrder } from './frame-order.ts';
import { createStreamLine, type RolloverCause, type StreamLine } from './stream-line.ts';
import type { BinanceFrameHandlers } from './stream-socket.ts';

/** Streams a connection may carry. */
export const MAX_STREAMS = 1_024;
/** Connections at most: ten times the streams of one. */
export const MAX_LINES = 10;

export interface BinanceStreamOptions extends BinanceFrameHandlers {
  /** `wss://stream.binance.com:9443`, without path. */
  baseUrl: string;
  /** Age at which a socket is replaced, ms; the venue cuts it at 24 h. */
  rolloverMs: number;
  onState(state: ConnectionState): void;
  /** Nothing carries these streams any more; `onSubscribed` follows when something does again. */
  onInterrupted(streams: BinanceStream[]): void;
  onRolledOver(cause: RolloverCause): void;
  /** A bar that was told before, or told better. */
  onDuplicate(): void;
}

export interface BinanceStreamClient {
  /** Opens a socket once a stream is wanted. */
  start(): void;
  stop(): Promise<void>;
  /**
   * Makes these all the streams wanted. Those past the bound of all connections are not taken and returned;
   * streams that are carried already stay where they are.
   */
  want(streams: readonly BinanceStream[]): BinanceStream[];
  /** The history has a bar that this stream did not bring: after some it is subscribed anew, then reconnected. */
  missed(stream: BinanceStream): void;
  /** Streams the venue has acknowledged on a present socket. */
  streams(): number;
  /** `live` while a socket delivers, else the state of the first connection. */
  state(): ConnectionState;
  /** States of all connections. */
  states(): ConnectionState[];
  sockets(): number;
}

/**
 * All candle streams over as few connections as they need. A new stream goes to the connection with the fewest;
 * another connection is opened only when all are full, an empty one is closed unless it is the first.
 */
export function createBinanceStreamClient(
  options: BinanceStreamOptions,
  deps: ConnectionDeps,
): BinanceStreamClient {
  const order = createFrameOrder();
  const lines: StreamLine[] = [];
  const lineOf = new Map<string, StreamLine>();
  /** Lines that nobody needs any more, until their sockets are closed. */
  const leaving = new Set<StreamLine>();
  let started = false;

  function openLine(): StreamLine {
    const line = createStreamLine(
      {
        ...options,
        onCandle(candle, eventTime, receivedAt, name) {
          if (order.accept(name, candle, eventTime)) options.onCandle(candle, eventTime, receivedAt, name);
          else options.onDuplicate();
        },
        onSubscribed(streams) {
          // After an interruption the venue may even be another one: a simulator that was set back.
          for (const stream of streams) order.forget(nameOf(stream));
          options.onSubscribed(streams);
        },
      },
      deps,
    );
    lines.push(line);
    return line;
  }

  function place(name: string, stream: BinanceStream): boolean {
    const [emptiest] = lines
      .filter((line) => line.wanted.size < MAX_STREAMS)
      .sort((a, b) => a.wanted.size - b.wanted.size);
    const line = emptiest ?? (lines.length < MAX_LINES ? openLine() : null);
    if (line === null) return false;
    line.wanted.set(name, stream);
    lineOf.set(name, line);
    return true;
  }

  /** The first line stays open, empty or not: a stream that comes back finds it. */
  function closeEmptyLines(): void {
    for (const line of lines.slice(1)) {
      if (line.wanted.size > 0) continue;
      lines.splice(lines.indexOf(line), 1);
      leaving.add(line);
      void line.stop().finally(() => leaving.delete(line));
    }
  }

  return {
    start() {
      started = true;
      for (const line of lines) if (line.wanted.size > 0) line.start();
    },
    async stop() {
      started = false;
      await Promise.all([...lines, ...leaving].map((line) => line.stop()));
    },
    want(streams) {
      const names = new Map(streams.map((stream) => [nameOf(stream), stream]));
      for (const [name, line] of lineOf) {
        if (names.has(name)) continue;
        line.wanted.delete(name);
        lineOf.delete(name);
        order.forget(name);
      }
      // All connections that will be needed, first: then the streams spread evenly.
      const needed = Math.min(MAX_LINES, Math.ceil(names.size / MAX_STREAMS));
      while (lines.length < needed) openLine();
      const surplus: BinanceStream[] = [];
      for (const [name, stream] of names) if (!lineOf.has(name) && !place(name, stream)) surplus.push(stream);
      closeEmptyLines();
      for (const line of lines) {
        if (started && line.wanted.size > 0) line.start();
        line.changed();
      }
      return surplus;
    },
    missed: (stream) => lineOf.get(nameOf(stream))?.missed(nameOf(stream)),
    streams: () => lines.reduce((sum, line) => sum + line.streams(), 0),
    state() {
      if (lines.some((line) => line.delivers())) return 'live';
      return lines[0]?.states()[0] ?? 'idle';
    },
    states: () => [...lines, ...leaving].flatMap((line) => line.states()),
    sockets: () => [...lines, ...leaving].reduce((sum, line) => sum + line.sockets(), 0),
  };
}
