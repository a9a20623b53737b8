import { randomUUID } from 'node:crypto';
import type { Channel } from '@onefeed/contracts';
import type { Registry } from 'prom-client';
import type { Bus, BusHealth } from './bus.ts';
import { createDispatcher } from './dispatcher.ts';
import { createEnvelopeWriter } from './envelope-writer.ts';
import { createListener } from './listener.ts';
import { createBusMetrics } from './metrics.ts';
import { isLossyStream } from './publish-queue.ts';
import { createPublisher } from './publisher.ts';

/** What a pino logger has; nothing else of it is used. */
export interface BusLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface PostgresBusOptions {
  /** A direct connection: poolers lose LISTEN. */
  databaseUrl: string;
  /** Name of the process life, shown in pg_stat_activity. */
  instance: string;
  /** Those listened on. Publishing needs no listening. */
  channels: readonly Channel[];
  log: BusLog;
  metrics: Registry;
  /** Wall clock in milliseconds: stamps envelopes, decides nothing. */
  now: () => number;
  /** Uniform in [0, 1). */
  random?: () => number;
  heartbeatMs?: number;
  /** Longest time of connecting, and of any one statement; past it the connection counts as lost. */
  timeoutMs?: number;
  /** How often subscribers are told to look at their tables although all is well. */
  pollMs?: number;
}

/** At most one warning of a kind in this time: a peer that misbehaves must not fill the log. */
const WARN_INTERVAL_MS = 10_000;

/** The bus over LISTEN/NOTIFY: one connection that listens, one that publishes. Own envelopes are delivered too. */
export function createPostgresBus(options: PostgresBusOptions): Bus {
  const { log, now, random = Math.random, heartbeatMs = 5_000, timeoutMs = 5_000, pollMs = 5_000 } = options;
  const metrics = createBusMetrics(options.metrics);
  const writer = createEnvelopeWriter(randomUUID(), now);
  const lastWarnings = new Map<string, number>();
  let pollTimer: NodeJS.Timeout | undefined;
  let everListened = false;
  let state: 'new' | 'running' | 'stopped' = 'new';
  const { promise: firstListen, resolve: endStart } = Promise.withResolvers<void>();
  let stopping: Promise<void> | undefined;

  function warnSparsely(kind: string, details: object, message: string): void {
    const last = lastWarnings.get(kind);
    if (last !== undefined && now() - last < WARN_INTERVAL_MS) return;
    lastWarnings.set(kind, now());
    log.warn(details, message);
  }

  const dispatcher = createDispatcher({
    channels: options.channels,
    onReceived(channel, envelope) {
      metrics.received.inc({ channel });
      metrics.deliverySeconds.observe({ channel }, Math.max(0, now() - envelope.at) / 1_000);
    },
    onGap: (channel) => metrics.gaps.inc({ channel }),
    onFault(channel, kind) {
      metrics.faults.inc({ kind });
      warnSparsely(kind, { channel, kind }, 'bus envelope not used as it came');
    },
    onSubscriberError: (error) => log.error({ err: error }, 'bus subscriber failed'),
  });

  const listener = createListener({
    databaseUrl: options.databaseUrl,
    applicationName: `${options.instance} listen`,
    timeoutMs,
    channels: options.channels,
    heartbeatMs,
    random,
    onText: dispatcher.deliver,
    onListening() {
      metrics.connections.inc({ side: 'listener' });
      metrics.connected.set({ side: 'listener' }, 1);
      log.info({ channels: options.channels }, 'bus listening');
      // LISTEN stands before anybody reads a table: nothing committed after the read is missed.
      dispatcher.catchUp(everListened ? 'reconnect' : 'start');
      everListened = true;
      endStart();
    },
    onLost(reason) {
      metrics.connected.set({ side: 'listener' }, 0);
      warnSparsely('listener', { reason }, 'bus not listening; trying again');
    },
    onQueueUsage: (ratio) => metrics.notifyQueueRatio.set(ratio),
  });

  const publisher = createPublisher({
    databaseUrl: options.databaseUrl,
    applicationName: `${options.instance} publish`,
    timeoutMs,
    random,
    metrics,
    onRefused: (reason, count) => log.error({ reason, count }, 'bus envelopes refused by Postgres'),
    onLost: (reason) => warnSparsely('publisher', { reason }, 'bus not publishing; trying again'),
  });

  async function stopAll(): Promise<void> {
    state = 'stopped';
    clearInterval(pollTimer);
    endStart();
    await publisher.stop();
    dispatcher.close();
    await listener.stop();
    metrics.connected.set({ side: 'listener' }, 0);
  }

  return {
    start() {
      if (state === 'new') {
        state = 'running';
        listener.start();
        publisher.start();
        pollTimer = setInterval(() => dispatcher.catchUp('poll'), pollMs);
      }
      return firstListen;
    },
    stop() {
      stopping ??= stopAll();
      return stopping;
    },
    subscribe: dispatcher.subscribe,
    publish(channel, stream, body) {
      if (state !== 'running') return;
      publisher.push({ channel, text: writer.write(stream, body), lossy: isLossyStream(stream) });
    },
    publishList(channel, stream, items, wrap) {
      if (state !== 'running') return;
      const lossy = isLossyStream(stream);
      for (const text of writer.writeList(stream, items, wrap)) publisher.push({ channel, text, lossy });
    },
    health(): BusHealth {
      const listening = listener.reason();
      const publishing = publisher.reason();
      if (listening !== null) return { connected: false, reason: `bus not listening: ${listening}` };
      if (publishing !== null) return { connected: false, reason: `bus not publishing: ${publishing}` };
      return { connected: true, reason: null };
    },
  };
}
