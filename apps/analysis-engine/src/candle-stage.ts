import { setImmediate } from 'node:timers/promises';
import type { SignalDraft, StoredCandle, Venue } from '@onefeed/contracts';
import type { CandlesRepository } from '@onefeed/db/market';
import {
  closeTimeOf,
  createGraph,
  type Graph,
  type GraphStats,
  type RequiredSeries,
  type Strategy,
} from '@onefeed/domain';
import type { MarketTime } from './market-time.ts';

export interface CandleRule {
  ruleKey: string;
  strategy: Strategy;
  instrument: string;
}

export interface CandleStageDeps {
  venue: Venue;
  candles: Pick<CandlesRepository, 'latest'>;
  marketTime: MarketTime;
  /** seq of the last candle whose signals are stored. */
  cursor: number;
  /** Close time of the newest candle up to the cursor; undefined when there is none. */
  newestCloseTime: number | undefined;
  onRebuild(): void;
}

export interface CandleStage {
  /** `liveFrom`: the market time at which the rule came; absent for rules that stand since before the cursor. */
  add(rule: CandleRule, liveFrom?: number): Promise<void>;
  remove(rule: Omit<CandleRule, 'strategy'>): void;
  /** Takes stored candles in the order of their seq; gives the signals they make. */
  take(candles: readonly StoredCandle[]): Promise<SignalDraft[]>;
  requiredSeries(): RequiredSeries[];
  stats(): GraphStats;
}

/**
 * Stored candles that a series is warmed from: recursive averages have forgotten where they started after some
 * ten times their period, and the longest period allowed fits twice.
 */
const MINIMUM_HISTORY = 1_000;
const HISTORY_PER_WARM_UP = 10;
const MAXIMUM_HISTORY = 5_000;
/**
 * Work after which a long batch lets others run: a process whose event loop stands still for 5 s loses its role.
 */
const BREATH_EVALUATIONS = 25_000;

/** Closed candles that a series should have so that its nodes, once warm, no longer depend on where it starts. */
export const historyCandlesOf = (warmupCandles: number): number =>
  Math.min(MAXIMUM_HISTORY, warmupCandles * HISTORY_PER_WARM_UP);

/**
 * The rules of one venue on its stream of stored candles. The state is what recomputing from the table up to
 * the cursor gives: rules that come are warmed from the table, and a candle older than the newest of its series
 * (backfilled history, a filled hole, a correction) has its instrument computed anew.
 *
 * What may signal: candles that close after the venue's time at which their rule came. History that arrives
 * after the rule was added therefore warms it and never signals, while candles missed during a crash or an
 * outage, which closed later than that, do. Not to be called concurrently.
 */
export function createCandleStage(deps: CandleStageDeps): CandleStage {
  const { venue, candles, marketTime } = deps;
  const graph: Graph = createGraph();
  let cursor = deps.cursor;
  if (deps.newestCloseTime !== undefined) marketTime.advance(venue, deps.newestCloseTime);

  /** Stored candles up to the cursor of the series that the rules of an instrument need. */
  async function history(instrument: string, series: readonly RequiredSeries[]): Promise<StoredCandle[]> {
    const lists: StoredCandle[] = [];
    for (const { timeframe, warmupCandles } of series) {
      const stored = await candles.latest(
        { venue, instrument, timeframe },
        Math.max(MINIMUM_HISTORY, historyCandlesOf(warmupCandles)),
      );
      // What lies past the cursor comes with the stream, and may signal then.
      for (const candle of stored) if (candle.seq <= cursor) lists.push(candle);
    }
    return lists;
  }

  async function rebuild(instrument: string): Promise<void> {
    const series = graph.requiredSeries().filter((one) => one.instrument === instrument);
    const stored = await history(instrument, series);
    for (const _step of graph.rebuildInSteps(venue, instrument, stored)) await setImmediate();
    deps.onRebuild();
  }

  return {
    async add({ ruleKey, strategy, instrument }, liveFrom = Number.NEGATIVE_INFINITY) {
      // A graph of its own tells what the rule alone needs.
      const alone = createGraph();
      alone.addRule({ ruleKey, strategy, venue, instrument });
      graph.addRule({
        ruleKey,
        strategy,
        venue,
        instrument,
        history: await history(instrument, alone.requiredSeries()),
        liveFrom,
      });
    },
    remove({ ruleKey, instrument }) {
      graph.removeRule(ruleKey, venue, instrument);
    },
    async take(batch) {
      // Nothing may signal before the time is known: on an empty database a first history may come in many parts.
      const knownFrom = marketTime.since(venue);
      const drafts: SignalDraft[] = [];
      const late = new Set<string>();
      let taken = 0;
      let breathAt = graph.stats().evaluations + BREATH_EVALUATIONS;
      for (const candle of batch) {
        const { instrument, timeframe, openTime } = candle;
        const newest = graph.newestOpenTime(venue, instrument, timeframe);
        if (newest !== undefined && openTime <= newest) {
          late.add(instrument);
        } else {
          if (late.delete(instrument)) await rebuild(instrument);
          const emit = knownFrom !== undefined && closeTimeOf(candle) > knownFrom;
          drafts.push(...graph.onCandle(candle, { emit }));
        }
        cursor = candle.seq;
        if (++taken % 20 !== 0) continue;
        const { evaluations } = graph.stats();
        if (evaluations < breathAt) continue;
        breathAt = evaluations + BREATH_EVALUATIONS;
        await setImmediate();
      }
      for (const instrument of late) await rebuild(instrument);
      // Candles alone do not tell the time: without it they may be of any age.
      if (knownFrom !== undefined) {
        for (const candle of batch) marketTime.advance(venue, closeTimeOf(candle));
      }
      return drafts;
    },
    requiredSeries: () => graph.requiredSeries(),
    stats: () => graph.stats(),
  };
}
