import type { Bus } from '@onefeed/bus';
import type { FeedTrouble, InstrumentHealth, Venue } from '@onefeed/contracts';
import type { FeedHealthRepository, Fence } from '@onefeed/db';

export interface HealthBoardDeps {
  venue: Venue;
  health: FeedHealthRepository;
  fence: Fence;
  bus: Bus;
}

/**
 * Tells which instruments' data may not be believed: written to `feed_health`, then told on the bus. One of a
 * predecessor's rows that is not true any more goes with the first telling.
 */
export function createHealthBoard(deps: HealthBoardDeps) {
  const { venue } = deps;
  let known: Map<string, { trouble: FeedTrouble; since: number }> | null = null;

  return {
    /** Makes these all the troubles of the venue. Throws when they could not be written; call it again. */
    async tell(troubles: ReadonlyMap<string, FeedTrouble>, venueTime: number): Promise<void> {
      known ??= new Map((await deps.health.troubled(venue)).map((one) => [one.instrument, one]));
      const changes: InstrumentHealth[] = [];
      for (const [instrument, trouble] of troubles) {
        const before = known.get(instrument);
        if (before?.trouble !== trouble) {
          changes.push({ instrument, trouble, since: before?.since ?? venueTime });
        }
      }
      for (const instrument of known.keys()) {
        if (!troubles.has(instrument)) changes.push({ instrument, trouble: null, since: venueTime });
      }
      if (changes.length === 0) return;
      await deps.health.change(deps.fence, venue, changes);
      for (const { instrument, trouble, since } of changes) {
        if (trouble === null) known.delete(instrument);
        else known.set(instrument, { trouble, since });
      }
      deps.bus.publishList('market', `health.${venue}`, changes, (part) => ({
        type: 'feedHealth',
        venue,
        changes: part,
      }));
    },
  };
}
export type HealthBoard = ReturnType<typeof createHealthBoard>;
