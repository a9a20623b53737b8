import type { Instrument, Venue } from '@onefeed/contracts';
import type { InstrumentsRepository } from '@onefeed/db';

/** How long what was read counts; a name that is missing is looked for again after a second. */
const FRESH_MS = 60_000;
const RETRY_MS = 1_000;

/** Which instruments exist, kept in memory: every subscribe and every bot asks. */
export interface InstrumentDirectory {
  list(): Promise<readonly Instrument[]>;
  has(venue: Venue, instrument: string): Promise<boolean>;
}

/** `alwaysOn` exist on binance even before the gateway has stored what the venue allows. */
export function createInstrumentDirectory(deps: {
  instruments: Pick<InstrumentsRepository, 'list'>;
  alwaysOn: readonly string[];
  now: () => number;
}): InstrumentDirectory {
  let list: readonly Instrument[] = [];
  let names = new Set<string>();
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;
  const alwaysOn = new Set(deps.alwaysOn.map((name) => `binance:${name}`));

  const refresh = (olderThanMs: number): Promise<void> => {
    if (deps.now() - readAt < olderThanMs) return Promise.resolve();
    reading ??= deps.instruments
      .list()
      .then((read) => {
        list = read;
        names = new Set(read.map((one) => `${one.venue}:${one.instrument}`));
        readAt = deps.now();
      })
      .finally(() => {
        reading = null;
      });
    return reading;
  };

  return {
    list: async () => {
      await refresh(list.length === 0 ? RETRY_MS : FRESH_MS);
      return list;
    },
    has: async (venue, instrument) => {
      const name = `${venue}:${instrument}`;
      if (alwaysOn.has(name)) return true;
      await refresh(FRESH_MS);
      if (!names.has(name)) await refresh(RETRY_MS);
      return names.has(name);
    },
  };
}
