import type { StreamDemandRepository } from '@onefeed/db';

/** How long the feed goes on for a process that no longer asks: a successor has taken over by then. */
const LEASE_SECONDS = 60;
/** Leases that have not changed are renewed on every so many calls. */
const RENEW_EVERY = 5;

/**
 * Keeps the prices of held instruments coming. A strategy's streams close when the last bot that runs it is stopped;
 * the exits of what those bots still hold need prices until they are done (I5).
 */
export interface PriceDemand {
  /** Asks for these instruments of the exchange, and for no others any more. Call it every few seconds. */
  renew(instruments: ReadonlySet<string>): Promise<void>;
}

export function createPriceDemand(deps: {
  demand: Pick<StreamDemandRepository, 'renewDemand'>;
  /** This process, among all that want streams. */
  holder: string;
  /** There are leases that were not there before. */
  onGrown(): void;
}): PriceDemand {
  let leased: ReadonlySet<string> = new Set();
  let calls = 0;

  return {
    async renew(instruments) {
      const grown = [...instruments].some((instrument) => !leased.has(instrument));
      const changed = grown || instruments.size !== leased.size;
      const due = instruments.size > 0 && calls % RENEW_EVERY === 0;
      calls += 1;
      if (!changed && !due) return;
      const streams = [...instruments].map(
        (instrument) => ({ venue: 'binance', instrument, timeframe: '1m' }) as const,
      );
      await deps.demand.renewDemand(deps.holder, streams, LEASE_SECONDS);
      leased = instruments;
      if (grown) deps.onGrown();
    },
  };
}
