import { type ConnectionDeps, createConnection, type DropCause } from '../connection/connection.ts';
import type { ConnectionState } from '../connection/state.ts';
import type { KeyedEvent } from '../pumpfun/event-keys.ts';
import { createQuietWatch } from '../pumpfun/quiet-watch.ts';
import { type LogBadReason, type LogFrame, type LogPassedOver, mapLogFrame } from './log-mapper.ts';
import { PUMP_PROGRAM } from './program-address.ts';

const SUBSCRIPTION_ID = 1;
const PING_EVERY_MS = 20_000;
const SILENCE_MS = 60_000;
const SUBSCRIBE_MS = 20_000;
/** Public nodes answer hasty reconnects with 429. */
const BACKOFF = { firstMs: 1_000, maxMs: 30_000 };
/** The program's transactions, failed ones included, come many a second on the real chain. */
const QUIET = { floorMs: 15_000, ceilingMs: 180_000, minArrivals: 50 };
const LOOK_EVERY_MS = 5_000;

export interface LogStreamOptions {
  /** The websocket of a Solana RPC node. May hold a key: it is never told to anybody. */
  url: string;
  onEvent(event: KeyedEvent): void;
  onFrame(kind: LogFrame['kind']): void;
  /** A frame of no known form, or one whose log could not be read as a whole. */
  onBad(reason: LogBadReason | 'binary' | 'truncated_log' | 'broken_log' | 'bad_event', text: string): void;
  onPassedOver(reason: LogPassedOver | 'failed_transaction'): void;
  /** The node refused the subscription. */
  onRefused(text: string): void;
  onState(state: ConnectionState): void;
  onDropped(cause: DropCause, detail: string): void;
}

export interface LogStreamClient {
  start(): void;
  stop(): Promise<void>;
  quietThresholdMs(): number;
  state(): ConnectionState;
  sockets(): number;
}

/** Follows pump.fun through the logs of its program. Nothing is replayed after a reconnect. */
export function createLogStreamClient(options: LogStreamOptions, deps: ConnectionDeps): LogStreamClient {
  const { clock } = deps;
  const quiet = createQuietWatch(QUIET);
  let cancelLook: (() => void) | null = null;

  const connection = createConnection(
    {
      url: options.url,
      silenceMs: SILENCE_MS,
      subscribeMs: SUBSCRIBE_MS,
      pingEveryMs: PING_EVERY_MS,
      backoff: BACKOFF,
      onOpened() {
        quiet.restart(clock.now());
        connection.send(SUBSCRIBE);
        lookAtSilence();
      },
      onText: receive,
      onBinary: () => options.onBad('binary', ''),
      onState(state) {
        if (state !== 'subscribing' && state !== 'live') {
          cancelLook?.();
          cancelLook = null;
        }
        options.onState(state);
      },
      onDropped: options.onDropped,
    },
    deps,
  );

  function receive(text: string): void {
    const at = clock.now();
    const frame = mapLogFrame(text, at);
    options.onFrame(frame.kind);
    switch (frame.kind) {
      case 'events':
        quiet.heard(at);
        if (frame.incomplete !== null) options.onBad(frame.incomplete, text);
        for (const reason of frame.passedOver) options.onPassedOver(reason);
        for (const event of frame.events) options.onEvent(event);
        return;
      case 'failed':
        quiet.heard(at);
        options.onPassedOver('failed_transaction');
        return;
      case 'subscribed':
        if (frame.id === SUBSCRIPTION_ID) connection.subscribed();
        return;
      case 'error':
        options.onRefused(frame.text);
        if (frame.id === SUBSCRIPTION_ID) connection.drop('no_answer', 'the subscription was refused');
        return;
      case 'bad':
        options.onBad(frame.reason, text);
    }
  }

  function lookAtSilence(): void {
    cancelLook = clock.after(LOOK_EVERY_MS, () => {
      if (quiet.isSuspicious(clock.now())) {
        connection.drop('silent', `no transaction for ${quiet.thresholdMs()} ms`);
      } else lookAtSilence();
    });
  }

  return {
    start: connection.start,
    stop: connection.stop,
    quietThresholdMs: quiet.thresholdMs,
    state: connection.state,
    sockets: connection.sockets,
  };
}

/** `processed`: what a block holds is told at once, as PumpPortal does too; it can, rarely, be rolled back. */
const SUBSCRIBE = JSON.stringify({
  jsonrpc: '2.0',
  id: SUBSCRIPTION_ID,
  method: 'logsSubscribe',
  params: [{ mentions: [PUMP_PROGRAM] }, { commitment: 'processed' }],
});
