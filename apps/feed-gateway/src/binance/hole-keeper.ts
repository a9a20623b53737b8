import { type Candle, TIMEFRAME_MS } from '@onefeed/contracts';
import type { CandleHole, CandleHolesRepository, Fence } from '@onefeed/db';
import { type BinanceRestClient, type Clock, KLINES_PAGE } from '@onefeed/venues';
import type { FeedMetrics } from '../metrics.ts';
import { closed, type MissingRange, missingBetween } from './history.ts';
import type { Series } from './series.ts';
import type { VenueTime } from './venue-time.ts';

/** A hole is the venue's own when its history still has it this long after it was found. */
const CONFIRM_AFTER_MS = 10_000;
/** Holes that wait for a second reading; past it the oldest count as confirmed. */
const MAX_WAITING = 10_000;

export interface HoleKeeperDeps {
  rest: Pick<BinanceRestClient, 'klines'>;
  venueTime: VenueTime;
  holes: CandleHolesRepository;
  fence: Fence;
  store(candles: Candle[]): Promise<void>;
  clock: Clock;
  metrics: FeedMetrics;
  signal: AbortSignal;
}

/** Records the holes of the venue's history and asks a second time before believing them. */
export function createHoleKeeper(deps: HoleKeeperDeps) {
  const { clock, metrics, signal } = deps;
  const waiting = new Map<string, { hole: CandleHole; confirmAt: number }>();
  const keyOf = (hole: CandleHole) => `${hole.instrument} ${hole.timeframe} ${hole.fromOpenTime}`;
  let recalled = false;

  function wait(hole: CandleHole): void {
    waiting.delete(keyOf(hole));
    waiting.set(keyOf(hole), { hole, confirmAt: clock.now() + CONFIRM_AFTER_MS });
    const [oldest] = waiting.keys();
    if (waiting.size > MAX_WAITING && oldest !== undefined) waiting.delete(oldest);
  }

  async function found(
    { instrument, timeframe }: Pick<Series, 'instrument' | 'timeframe'>,
    ranges: readonly MissingRange[],
  ): Promise<void> {
    if (ranges.length === 0) return;
    const holes = ranges.map((range): CandleHole => ({ venue: 'binance', instrument, timeframe, ...range }));
    // Flagged before it is recorded: a failure to record is a failure to read the history, which is repeated.
    for (const hole of holes) wait(hole);
    await deps.holes.record(deps.fence, holes);
    metrics.holesFound.inc({ venue: 'binance' }, holes.length);
  }

  async function readAgain(hole: CandleHole): Promise<void> {
    const { instrument, timeframe, fromOpenTime, toOpenTime } = hole;
    const venueTime = await deps.venueTime.read();
    const query = { instrument, timeframe, startTime: fromOpenTime, endTime: toOpenTime } as const;
    const bars = closed(
      await deps.rest.klines({ ...query, limit: KLINES_PAGE, priority: 'gap' }, signal),
      venueTime,
    );
    const last = bars.at(-1);
    if (last === undefined) {
      await deps.holes.confirm(deps.fence, hole);
      waiting.delete(keyOf(hole));
      return;
    }
    await deps.store(bars);
    await deps.holes.remove(deps.fence, hole);
    waiting.delete(keyOf(hole));
    metrics.gapsHealed.inc({ venue: 'binance' });
    const step = TIMEFRAME_MS[timeframe];
    const rest = missingBetween(fromOpenTime - step, bars, timeframe);
    if (last.openTime < toOpenTime) rest.push({ fromOpenTime: last.openTime + step, toOpenTime });
    await found(hole, rest);
  }

  return {
    found,

    /** Reads again what is due, one after another. Throws what the venue or Postgres does; call it again. */
    async check(): Promise<void> {
      if (!recalled) {
        for (const { confirmed: _, ...hole } of await deps.holes.list('binance', {
          unconfirmedOnly: true,
          limit: MAX_WAITING,
        })) {
          wait(hole);
        }
        recalled = true;
      }
      let failure: unknown = null;
      for (const one of [...waiting.values()]) {
        if (signal.aborted) return;
        if (one.confirmAt > clock.now()) continue;
        try {
          await readAgain(one.hole);
        } catch (error) {
          // One that cannot be read must not keep the others waiting.
          one.confirmAt = clock.now() + CONFIRM_AFTER_MS;
          failure ??= error;
        }
      }
      if (failure !== null) throw failure;
    },

    /** Instruments with a hole that no second reading has confirmed. */
    instruments(): Set<string> {
      return new Set([...waiting.values()].map(({ hole }) => hole.instrument));
    },
  };
}
export type HoleKeeper = ReturnType<typeof createHoleKeeper>;
