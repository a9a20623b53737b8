import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { TermFigures } from './term-figures.ts';

/**
 * What the engine counts. Gauges are read off the present term when they are asked for, and are 0 on a standby;
 * nothing is counted twice on the hot path.
 */
export function createEngineMetrics(registry: Registry, termFigures: () => TermFigures | null) {
  const registers = [registry];
  const gauge = (name: string, help: string, read: (figures: TermFigures) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        const figures = termFigures();
        this.set(figures === null ? 0 : read(figures));
      },
    });
  /** Each term counts from 0; the counter goes on. */
  const counter = (name: string, help: string, read: (figures: TermFigures) => number) => {
    let seen = 0;
    return new Counter({
      name,
      help,
      registers,
      collect() {
        const figures = termFigures();
        const total = figures === null ? 0 : read(figures);
        this.inc(total >= seen ? total - seen : total);
        seen = total;
      },
    });
  };
  return {
    leader: gauge('onefeed_engine_leader', '1 while this process analyses', () => 1),
    rules: gauge(
      'onefeed_engine_rules',
      'Distinct rules by instrument; a token rule counts once',
      (figures) => figures.rules,
    ),
    nodes: gauge(
      'onefeed_engine_nodes',
      'Distinct expressions, shared by all rules',
      (figures) => figures.nodes,
    ),
    nodeEvaluations: counter(
      'onefeed_engine_node_evaluations_total',
      'Evaluations of nodes, warm-up included',
      (figures) => figures.nodeEvaluations,
    ),
    tokensTracked: gauge(
      'onefeed_engine_tokens_tracked',
      'Tokens followed',
      (figures) => figures.tokensTracked,
    ),
    tokensScored: counter(
      'onefeed_engine_tokens_scored_total',
      'Scores given: one an event, whatever the number of bots',
      (figures) => figures.tokensScored,
    ),
    lastCandleLag: gauge(
      'onefeed_engine_last_candle_lag_seconds',
      'Age of the newest candle taken, by the market clock of its venue',
      (figures) => (figures.lastCandleLagMs ?? 0) / 1_000,
    ),
    candles: new Counter({ name: 'onefeed_engine_candles_total', help: 'Closed candles taken', registers }),
    tokenEvents: new Counter({
      name: 'onefeed_engine_token_events_total',
      help: 'Token events taken',
      registers,
    }),
    rebuilds: new Counter({
      name: 'onefeed_engine_rebuilds_total',
      help: 'Instruments computed anew because older candles came',
      registers,
    }),
    signals: new Counter({
      name: 'onefeed_engine_signals_total',
      help: 'Signals stored',
      labelNames: ['venue', 'kind'],
      registers,
    }),
    rulesRefused: new Counter({
      name: 'onefeed_engine_rules_refused_total',
      help: 'Stored strategies that do not compile and are left out',
      registers,
    }),
    batchSeconds: new Histogram({
      name: 'onefeed_engine_batch_seconds',
      help: 'From receiving a batch to its signals being stored',
      labelNames: ['stream'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers,
    }),
  };
}
export type EngineMetrics = ReturnType<typeof createEngineMetrics>;
