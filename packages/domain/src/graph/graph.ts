import type { Candle, SignalDraft, Timeframe, Venue } from '@onefeed/contracts';
import { byCloseTime } from '../candles/bar.ts';
import type { Strategy } from '../strategy/strategy.ts';
import { warmUpOf } from '../strategy/warm-up.ts';
import { createInstrumentGraph, type InstrumentGraph } from './instrument-graph.ts';

export interface GraphRule {
  /** Identity of the strategy's canonical text; equal texts of all users are one rule. */
  ruleKey: string;
  strategy: Strategy;
  venue: Venue;
  instrument: string;
  /**
   * Stored closed candles of the rule's series, in any order: they warm it up and decide whether it is true
   * already. None: it warms on what comes.
   */
  history?: readonly Candle[];
  /** Only candles that close after this time (ms) may give signals. Absent: all that come. */
  liveFrom?: number;
}

export interface RequiredSeries {
  venue: Venue;
  instrument: string;
  timeframe: Timeframe;
  /** Candles until every value of every rule is defined. */
  warmupCandles: number;
}

export interface GraphStats {
  /** Distinct (rule, instrument). */
  rules: number;
  nodes: number;
  /** Node evaluations since the start, warm-up included. */
  evaluations: number;
}

export interface Graph {
  /** Adds one reference; the first one compiles and warms the rule without touching others' state. */
  addRule(rule: GraphRule): void;
  /** Gives one reference back; with the last one the rule goes, and the nodes only it had. */
  removeRule(ruleKey: string, venue: Venue, instrument: string): void;
  requiredSeries(): RequiredSeries[];
  /**
   * Takes the next closed candle of a series. Forming candles and those not newer than the newest of the
   * series are ignored. Signals are given on a rule's rising edge, when `emit` is true.
   */
  onCandle(candle: Candle, options: { emit: boolean }): SignalDraft[];
  /** Open time of the newest candle taken of a series. */
  newestOpenTime(venue: Venue, instrument: string, timeframe: Timeframe): number | undefined;
  /**
   * Computes the instrument anew from stored candles, without signals: for when candles were found that are
   * older than the newest one seen.
   */
  rebuild(venue: Venue, instrument: string, history: readonly Candle[]): void;
  /**
   * The same in short steps, so that the caller may do something else in between (an instrument with thousands of
   * rules takes seconds). The state is the old one until the last step; no rule may come or go meanwhile.
   */
  rebuildInSteps(venue: Venue, instrument: string, history: readonly Candle[]): Iterable<void>;
  stats(): GraphStats;
}

/** Work of one step of a rebuild: some tens of milliseconds. */
const STEP_EVALUATIONS = 50_000;

const instrumentKey = (venue: Venue, instrument: string) => `${venue}:${instrument}`;

/** The shared graph of all rules: each distinct expression is evaluated once a candle, whoever uses it. */
export function createGraph(): Graph {
  const instruments = new Map<string, { venue: Venue; instrument: string; graph: InstrumentGraph }>();
  const references = new Map<string, number>();
  /** Work of graphs that are gone. */
  let pastEvaluations = 0;

  function* rebuildInSteps(
    venue: Venue,
    instrument: string,
    history: readonly Candle[],
  ): Generator<void, void> {
    const known = instruments.get(instrumentKey(venue, instrument));
    if (known === undefined) return;
    const fresh = createInstrumentGraph(venue, instrument);
    for (const rule of known.graph.rules()) fresh.addRule(rule, []);
    let stepBegan = 0;
    for (const candle of [...history].sort(byCloseTime)) {
      fresh.onCandle(candle, false);
      const { evaluations } = fresh.stats();
      if (evaluations - stepBegan < STEP_EVALUATIONS) continue;
      stepBegan = evaluations;
      yield;
    }
    pastEvaluations += known.graph.stats().evaluations;
    known.graph = fresh;
  }

  return {
    addRule({ ruleKey, strategy, venue, instrument, history = [], liveFrom = Number.NEGATIVE_INFINITY }) {
      const key = instrumentKey(venue, instrument);
      const known = instruments.get(key);
      const graph = known?.graph ?? createInstrumentGraph(venue, instrument);
      if (known === undefined) instruments.set(key, { venue, instrument, graph });
      graph.addRule({ ruleKey, strategy, liveFrom }, history);
      const reference = `${key}:${ruleKey}`;
      references.set(reference, (references.get(reference) ?? 0) + 1);
    },
    removeRule(ruleKey, venue, instrument) {
      const key = instrumentKey(venue, instrument);
      const reference = `${key}:${ruleKey}`;
      const left = (references.get(reference) ?? 0) - 1;
      if (left > 0) {
        references.set(reference, left);
        return;
      }
      references.delete(reference);
      const known = instruments.get(key);
      if (known === undefined || !known.graph.removeRule(ruleKey)) return;
      const { rules, evaluations } = known.graph.stats();
      if (rules === 0) {
        instruments.delete(key);
        pastEvaluations += evaluations;
      }
    },
    requiredSeries() {
      const series = new Map<string, RequiredSeries>();
      for (const { venue, instrument, graph } of instruments.values()) {
        for (const { strategy } of graph.rules()) {
          for (const [timeframe, candles] of warmUpOf(strategy)) {
            const key = `${instrumentKey(venue, instrument)}:${timeframe}`;
            const warmupCandles = Math.max(candles, series.get(key)?.warmupCandles ?? 0);
            series.set(key, { venue, instrument, timeframe, warmupCandles });
          }
        }
      }
      return [...series.values()];
    },
    onCandle(candle, { emit }) {
      return (
        instruments.get(instrumentKey(candle.venue, candle.instrument))?.graph.onCandle(candle, emit) ?? []
      );
    },
    newestOpenTime(venue, instrument, timeframe) {
      return instruments.get(instrumentKey(venue, instrument))?.graph.newestOpenTime(timeframe);
    },
    rebuild(venue, instrument, history) {
      for (const _step of rebuildInSteps(venue, instrument, history));
    },
    rebuildInSteps,
    stats() {
      const total = { rules: 0, nodes: 0, evaluations: pastEvaluations };
      for (const { graph } of instruments.values()) {
        const { rules, nodes, evaluations } = graph.stats();
        total.rules += rules;
        total.nodes += nodes;
        total.evaluations += evaluations;
      }
      return total;
    },
  };
}
