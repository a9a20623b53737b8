import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { LiveSession } from './live/live-session.ts';
import type { StreamKind } from './live/live-stream.ts';

export interface ApiMetrics {
  /** `route` is the pattern (`/api/bots/:id`), never the address asked for: few labels whatever is asked. */
  answered(method: string, route: string, status: number, seconds: number): void;
  delivered(kind: StreamKind, readers: number): void;
  /** Read when the metrics are. */
  watch(live: { sessions: () => ReadonlySet<LiveSession>; subscriptions: () => number }): void;
}

export function createApiMetrics(registry: Registry): ApiMetrics {
  const requests = new Histogram({
    name: 'onefeed_api_request_duration_seconds',
    help: 'HTTP requests by route, method and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  const messages = new Counter({
    name: 'onefeed_api_messages_total',
    help: 'Live messages made, by kind of channel; each is framed once',
    labelNames: ['kind'],
    registers: [registry],
  });
  const deliveries = new Counter({
    name: 'onefeed_api_fanout_messages_total',
    help: 'Live messages handed to readers, by kind of channel',
    labelNames: ['kind'],
    registers: [registry],
  });

  return {
    answered: (method, route, status, seconds) =>
      requests.observe({ method, route, status: String(status) }, seconds),
    delivered: (kind, readers) => {
      messages.inc({ kind });
      if (readers > 0) deliveries.inc({ kind }, readers);
    },
    watch: ({ sessions, subscriptions }) => {
      new Gauge({
        name: 'onefeed_api_sockets',
        help: 'Connected live clients by kind',
        labelNames: ['kind'],
        registers: [registry],
        collect() {
          const counts = { socket: 0, sse: 0 };
          for (const session of sessions()) counts[session.kind] += 1;
          this.set({ kind: 'socket' }, counts.socket);
          this.set({ kind: 'sse' }, counts.sse);
        },
      });
      new Gauge({
        name: 'onefeed_api_subscriptions',
        help: 'Channels read by live clients, all clients together',
        registers: [registry],
        collect() {
          this.set(subscriptions());
        },
      });
    },
  };
}
