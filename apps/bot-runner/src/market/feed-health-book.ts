import { type FeedHealthMessage, VENUES, type Venue } from '@onefeed/contracts';
import type { FeedHealthRepository } from '@onefeed/db';

/** Which instruments' data may not be believed, as the gateway told last. Bounded by the venues' lists. */
export interface FeedHealthBook {
  /** True while entries on the instrument are to be refused; also before the table was read once. */
  isTroubled(venue: Venue, instrument: string): boolean;
  /** The next change of the stream. */
  hear(message: FeedHealthMessage): void;
  /** Changes may have been missed: reads the table. Rejects when it cannot; what is known goes on holding. */
  refresh(): Promise<void>;
}

export function createFeedHealthBook(deps: {
  health: Pick<FeedHealthRepository, 'troubled'>;
}): FeedHealthBook {
  const troubled = new Map<Venue, Set<string>>();
  /** Counts what was heard: a reading that began before is older than it. */
  let heard = 0;

  async function readTable(): Promise<void> {
    for (;;) {
      const before = heard;
      const read = await Promise.all(
        VENUES.map(async (venue) => [venue, await deps.health.troubled(venue)] as const),
      );
      if (heard !== before) continue;
      for (const [venue, rows] of read) troubled.set(venue, new Set(rows.map((row) => row.instrument)));
      return;
    }
  }

  return {
    isTroubled: (venue, instrument) => troubled.get(venue)?.has(instrument) ?? true,
    hear({ venue, changes }) {
      heard += 1;
      const known = troubled.get(venue);
      for (const { instrument, trouble } of changes) {
        if (trouble === null) known?.delete(instrument);
        else known?.add(instrument);
      }
    },
    refresh: readTable,
  };
}
