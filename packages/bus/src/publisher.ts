import { pause } from './backoff.ts';
import type { Connection } from './connection.ts';
import { postgresChannel } from './listener.ts';
import type { BusMetrics } from './metrics.ts';
import { createPublishQueue, type QueuedText } from './publish-queue.ts';
import { createReconnecting } from './reconnecting.ts';

/** Wait after the first envelope of a batch, so that its neighbours travel with it. */
const COALESCE_MS = 5;
/**
 * Shortest time between two statements: at most 67 notifying commits a second from one process, as every commit
 * that notifies takes a lock of the whole server. The system's budget is 200.
 */
const MIN_INTERVAL_MS = 15;
const BATCH_ENVELOPES = 500;
const QUEUE_CAPACITY = 20_000;
const STOP_FLUSH_MS = 1_000;

const NOTIFY =
  'select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) as batch (channel, payload)';

export interface PublisherOptions {
  databaseUrl: string;
  applicationName: string;
  timeoutMs: number;
  random: () => number;
  metrics: BusMetrics;
  /** Postgres refused a batch for what it holds; sending it again would not help. */
  onRefused(reason: string, count: number): void;
  onLost(reason: string): void;
}

/**
 * One connection that publishes batches. A batch whose fate is unknown (the connection broke) is sent again:
 * readers drop the duplicates by seq.
 */
export function createPublisher(options: PublisherOptions) {
  const { metrics } = options;
  const queue = createPublishQueue(QUEUE_CAPACITY, (kind, count) => metrics.dropped.inc({ kind }, count));
  let batch: QueuedText[] = [];
  let nudge = new AbortController();
  let draining = false;
  let drained = () => {};

  async function publish({ client, lost }: Connection, stopping: AbortSignal): Promise<void> {
    reconnecting.established();
    metrics.connections.inc({ side: 'publisher' });
    metrics.connected.set({ side: 'publisher' }, 1);
    let sentAtMs = Number.NEGATIVE_INFINITY;
    while (!stopping.aborted) {
      if (batch.length === 0 && queue.length() === 0) {
        if (draining) drained();
        nudge = new AbortController();
        await pause(60_000, AbortSignal.any([nudge.signal, lost, stopping]));
      }
      lost.throwIfAborted();
      if (batch.length === 0 && queue.length() === 0) continue;
      const restMs = sentAtMs + MIN_INTERVAL_MS - performance.now();
      if (!draining) await pause(Math.max(COALESCE_MS, restMs), AbortSignal.any([lost, stopping]));
      if (stopping.aborted) return;
      lost.throwIfAborted();
      if (batch.length === 0) batch = queue.take(BATCH_ENVELOPES);
      sentAtMs = performance.now();
      await send(client, batch);
      batch = [];
      metrics.queueLength.set(queue.length());
    }
  }

  async function send(client: Connection['client'], items: readonly QueuedText[]): Promise<void> {
    const stopTimer = metrics.flushSeconds.startTimer();
    try {
      await client.query({
        name: 'onefeed-notify',
        text: NOTIFY,
        values: [items.map((item) => postgresChannel(item.channel)), items.map((item) => item.text)],
      });
      metrics.flushes.inc();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      metrics.dropped.inc({ kind: 'refused' }, items.length);
      options.onRefused(String(error), items.length);
    } finally {
      stopTimer();
    }
  }

  const reconnecting = createReconnecting({
    ...options,
    use: publish,
    onLost(reason) {
      metrics.connected.set({ side: 'publisher' }, 0);
      options.onLost(reason);
    },
  });

  return {
    start: reconnecting.start,
    reason: reconnecting.reason,
    push(item: QueuedText): void {
      queue.push(item);
      metrics.published.inc({ channel: item.channel });
      metrics.queueLength.set(queue.length());
      nudge.abort();
    },
    /** Sends what is queued, for at most a second, then disconnects. */
    async stop(): Promise<void> {
      draining = true;
      if (reconnecting.reason() === null && (batch.length > 0 || queue.length() > 0)) {
        const { promise, resolve } = Promise.withResolvers<void>();
        const timer = setTimeout(resolve, STOP_FLUSH_MS);
        drained = resolve;
        nudge.abort();
        await promise;
        clearTimeout(timer);
      }
      await reconnecting.stop();
      metrics.connected.set({ side: 'publisher' }, 0);
    },
  };
}

/** SQLSTATE class 22: the data itself is refused (too long, not text). */
function isRefusal(error: unknown): boolean {
  return String((error as { code?: unknown }).code).startsWith('22');
}
