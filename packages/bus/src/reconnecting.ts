import { createBackoff, pause } from './backoff.ts';
import { type Connection, type ConnectionOptions, openConnection, reasonOf } from './connection.ts';

export interface ReconnectingOptions extends ConnectionOptions {
  random: () => number;
  /** Uses the connection; it is closed and replaced when this returns or throws before `stop`. */
  use(connection: Connection, stopping: AbortSignal): Promise<void>;
  /** Told of each loss. */
  onLost(reason: string): void;
}

export interface Reconnecting {
  start(): void;
  /** Asks `use` to end and waits for it. */
  stop(): Promise<void>;
  /** `use` calls this when the connection does its work; the next backoff starts small again. */
  established(): void;
  /** Null while established. */
  reason(): string | null;
}

/** Keeps one connection in use, replacing a lost one with jittered backoff from 0.1 s to 10 s, for ever. */
export function createReconnecting(options: ReconnectingOptions): Reconnecting {
  const stopping = new AbortController();
  const backoff = createBackoff(100, 10_000, options.random);
  let reason: string | null = 'connecting';
  let running: Promise<void> | undefined;

  async function attempt(): Promise<void> {
    const connection = await openConnection(options);
    try {
      if (!stopping.signal.aborted) await options.use(connection, stopping.signal);
    } finally {
      await connection.close();
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await attempt();
        reason = 'the connection ended';
      } catch (error) {
        reason = reasonOf(error);
      }
      if (stopping.signal.aborted) break;
      options.onLost(reason);
      await pause(backoff.nextMs(), stopping.signal);
    }
    reason = 'stopped';
  }

  return {
    start() {
      running ??= run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
    established() {
      reason = null;
      backoff.reset();
    },
    reason: () => reason,
  };
}
