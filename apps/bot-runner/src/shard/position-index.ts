import type { Venue } from '@onefeed/contracts';
import { type Amount, type ExitTriggers, exitTriggers, type OpenPosition } from '@onefeed/domain';
import type { RunningBot } from './running-bot.ts';

/** An open position whose exits are armed. */
export interface GuardedPosition {
  readonly bot: RunningBot;
  readonly position: OpenPosition;
  readonly triggers: ExitTriggers;
}

/** Open positions by instrument. A price that no position waits for costs one comparison an instrument. */
export interface PositionIndex {
  /** Adds or replaces a position. `now`: look at it on the next price or tick, whatever they are. */
  arm(bot: RunningBot, position: OpenPosition, now?: boolean): void;
  disarm(position: OpenPosition): void;
  /** Those whose triggers this price and time meet. */
  met(venue: Venue, instrument: string, price: Amount, at: number): GuardedPosition[];
  /** All of an instrument. */
  of(venue: Venue, instrument: string): GuardedPosition[];
  /** Instruments of which some position waits for a time that has come. */
  due(venue: Venue, at: number): string[];
  holds(venue: Venue, instrument: string): boolean;
  instruments(venue: Venue): string[];
  size(): number;
}

interface Bucket {
  positions: Map<string, GuardedPosition>;
  /** Bounds of all triggers; they may be too wide after a position left, never too narrow. */
  below: Amount;
  above: Amount | null;
  dueAt: number;
}

const NOW: ExitTriggers = { below: -1n, above: null, dueAt: 0 };

export function createPositionIndex(): PositionIndex {
  const venues: Record<Venue, Map<string, Bucket>> = { binance: new Map(), pumpfun: new Map() };
  let size = 0;

  return {
    arm(bot, position, now = false) {
      const buckets = venues[position.venue];
      let bucket = buckets.get(position.instrument);
      if (bucket === undefined) {
        bucket = { positions: new Map(), ...NEVER };
        buckets.set(position.instrument, bucket);
      }
      if (!bucket.positions.has(position.id)) size += 1;
      const triggers = now ? NOW : exitTriggers(position.plan, position.exits, position);
      bucket.positions.set(position.id, { bot, position, triggers });
      widen(bucket, triggers);
    },
    disarm(position) {
      const buckets = venues[position.venue];
      const bucket = buckets.get(position.instrument);
      if (bucket?.positions.delete(position.id) !== true) return;
      size -= 1;
      if (bucket.positions.size === 0) buckets.delete(position.instrument);
    },
    met(venue, instrument, price, at) {
      const bucket = venues[venue].get(instrument);
      if (bucket === undefined || !meets(bucket, price, at)) return [];
      Object.assign(bucket, NEVER);
      const met: GuardedPosition[] = [];
      for (const guarded of bucket.positions.values()) {
        widen(bucket, guarded.triggers);
        if (meets(guarded.triggers, price, at)) met.push(guarded);
      }
      return met;
    },
    of: (venue, instrument) => [...(venues[venue].get(instrument)?.positions.values() ?? [])],
    due(venue, at) {
      const due: string[] = [];
      for (const [instrument, bucket] of venues[venue]) if (bucket.dueAt <= at) due.push(instrument);
      return due;
    },
    holds: (venue, instrument) => venues[venue].has(instrument),
    instruments: (venue) => [...venues[venue].keys()],
    size: () => size,
  };
}

const NEVER = { below: -1n, above: null, dueAt: Number.POSITIVE_INFINITY };

const meets = (bounds: ExitTriggers, price: Amount, at: number): boolean =>
  price <= bounds.below ||
  (bounds.above !== null && price >= bounds.above) ||
  (bounds.dueAt !== null && at >= bounds.dueAt);

function widen(bucket: Bucket, { below, above, dueAt }: ExitTriggers): void {
  if (below > bucket.below) bucket.below = below;
  if (above !== null && (bucket.above === null || above < bucket.above)) bucket.above = above;
  if (dueAt !== null && dueAt < bucket.dueAt) bucket.dueAt = dueAt;
}
