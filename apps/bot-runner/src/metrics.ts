import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What the runner counts. Labels are few and fixed. */
export function createRunnerMetrics(registry: Registry) {
  const registers = [registry];
  return {
    bots: new Gauge({
      name: 'onefeed_runner_bots',
      help: 'Bots in memory: running, or stopped with open positions',
      labelNames: ['state'],
      registers,
    }),
    openPositions: new Gauge({
      name: 'onefeed_runner_open_positions',
      help: 'Open positions whose exits are armed here',
      registers,
    }),
    shards: new Gauge({ name: 'onefeed_runner_shards', help: 'Shards owned', registers }),
    orders: new Counter({
      name: 'onefeed_runner_orders_total',
      help: 'Orders stored',
      labelNames: ['side'],
      registers,
    }),
    trades: new Counter({
      name: 'onefeed_runner_trades_total',
      help: 'Positions closed',
      labelNames: ['reason'],
      registers,
    }),
    refusals: new Counter({
      name: 'onefeed_runner_refusals_total',
      help: 'Entries refused',
      labelNames: ['code'],
      registers,
    }),
    signals: new Counter({
      name: 'onefeed_runner_signals_total',
      help: 'Signals read, once a shard',
      registers,
    }),
    reloads: new Counter({
      name: 'onefeed_runner_shard_loads_total',
      help: 'Shards read from the database: once each on taking over, again after each failed batch',
      registers,
    }),
    failures: new Counter({ name: 'onefeed_runner_failures_total', help: 'Failed batches', registers }),
    ledgerMismatches: new Gauge({
      name: 'onefeed_runner_ledger_mismatches',
      help: 'Bots whose money does not add up; anything but 0 is an alarm',
      registers,
    }),
    batchSeconds: new Histogram({
      name: 'onefeed_runner_batch_duration_seconds',
      help: 'Time of storing one batch of a shard',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
    decisionSeconds: new Histogram({
      name: 'onefeed_runner_decision_latency_seconds',
      help: 'From a signal stored to the orders on it durable',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30],
      registers,
    }),
  };
}
export type RunnerMetrics = ReturnType<typeof createRunnerMetrics>;
