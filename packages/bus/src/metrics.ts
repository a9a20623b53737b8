import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What a Postgres bus counts. Labels: channel (4 values), side (listener, publisher), kind (fixed lists). */
export function createBusMetrics(registry: Registry) {
  const registers = [registry];
  return {
    published: new Counter({
      name: 'onefeed_bus_published_total',
      help: 'Envelopes queued for publishing',
      labelNames: ['channel'],
      registers,
    }),
    received: new Counter({
      name: 'onefeed_bus_received_total',
      help: 'Envelopes received',
      labelNames: ['channel'],
      registers,
    }),
    gaps: new Counter({
      name: 'onefeed_bus_gaps_total',
      help: 'Envelopes that did not follow the one before of their stream (new epochs included)',
      labelNames: ['channel'],
      registers,
    }),
    faults: new Counter({
      name: 'onefeed_bus_faults_total',
      help: 'Arriving texts not used as they were: malformed, version, body, duplicate',
      labelNames: ['kind'],
      registers,
    }),
    dropped: new Counter({
      name: 'onefeed_bus_dropped_total',
      help: 'Envelopes dropped before publishing: lossy or durable (queue full), refused (by Postgres)',
      labelNames: ['kind'],
      registers,
    }),
    flushes: new Counter({
      name: 'onefeed_bus_flushes_total',
      help: 'Notifying statements sent',
      registers,
    }),
    flushSeconds: new Histogram({
      name: 'onefeed_bus_flush_seconds',
      help: 'Time of one notifying statement',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
      registers,
    }),
    deliverySeconds: new Histogram({
      name: 'onefeed_bus_delivery_seconds',
      help: 'From publish to receive, by the two processes clocks',
      labelNames: ['channel'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
      registers,
    }),
    queueLength: new Gauge({
      name: 'onefeed_bus_queue_length',
      help: 'Envelopes waiting to be published',
      registers,
    }),
    connected: new Gauge({
      name: 'onefeed_bus_connected',
      help: '1 while the connection stands',
      labelNames: ['side'],
      registers,
    }),
    connections: new Counter({
      name: 'onefeed_bus_connections_total',
      help: 'Connections made, the first included',
      labelNames: ['side'],
      registers,
    }),
    notifyQueueRatio: new Gauge({
      name: 'onefeed_bus_notify_queue_ratio',
      help: 'Share of the notification queue of Postgres in use; NOTIFY fails at 1',
      registers,
    }),
  };
}
export type BusMetrics = ReturnType<typeof createBusMetrics>;
