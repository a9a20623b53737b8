import type { Timeframe, Venue } from '@onefeed/contracts';
import type { CandleRetentionRepository } from '@onefeed/db';
import type { Clock } from '@onefeed/venues';
import { abortablePause } from './abortable-pause.ts';

const DAY_MS = 86_400_000;
/** Rows of one short transaction, and the breath after it. */
const BATCH = 1_000;
const PAUSE_MS = 50;

/** Days that closed candles of a timeframe are kept; a timeframe that is absent is kept for ever. */
export type CandleRetention = ReadonlyMap<Timeframe, number>;

/** Reads `1m:30`; the pattern of the variable has checked it. */
export function parseRetention(entries: readonly string[]): CandleRetention {
  return new Map(
    entries.map((entry) => {
      const [timeframe, days] = entry.split(':');
      return [timeframe as Timeframe, Number(days)];
    }),
  );
}

export interface PruneDeps {
  venue: Venue;
  retention: CandleRetention;
  /** The newest candles of a series that stay whatever their age: what readers may warm up from. */
  keepNewest: number;
  candles: CandleRetentionRepository;
  clock: Clock;
  signal: AbortSignal;
  onPruned(timeframe: Timeframe, count: number): void;
}

/** Deletes the candles of a venue that are older than their timeframe is kept; `venueTime` in ms. */
export async function pruneCandles(deps: PruneDeps, venueTime: number): Promise<void> {
  const { venue, signal } = deps;
  if (venueTime === 0) return;
  for (const { instrument, timeframe } of await deps.candles.storedSeries(venue)) {
    const days = deps.retention.get(timeframe);
    if (days === undefined) continue;
    const beforeOpenTime = venueTime - days * DAY_MS;
    const series = { venue, instrument, timeframe, beforeOpenTime, keepNewest: deps.keepNewest };
    for (let deleted = BATCH; deleted === BATCH && !signal.aborted; ) {
      deleted = await deps.candles.prune(series, BATCH);
      if (deleted > 0) deps.onPruned(timeframe, deleted);
      if (deleted === BATCH) await abortablePause(deps.clock, PAUSE_MS, signal);
    }
  }
}
