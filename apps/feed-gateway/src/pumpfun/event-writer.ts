import type { Bus } from '@onefeed/bus';
import type { TokenEvent } from '@onefeed/contracts';
import {
  type Fence,
  FencedOutError,
  type KeyedTokenEvent,
  type TokenEventsRepository,
} from '@onefeed/db/market';
import type { Clock } from '@onefeed/venues';
import type { FeedMetrics } from '../metrics.ts';
import { type Repeated, repeat } from '../repeat.ts';

const FLUSH_EVERY_MS = 75;
const BATCH = 1_000;
/** Larger batches are not carried inline: readers are told to read the table. */
const MAX_INLINE = 200;
/**
 * Events kept while Postgres is away: some 20 minutes of the whole venue. Past it the oldest go; the venue
 * replays nothing, so they are lost, and counted.
 */
const MAX_WAITING = 20_000;

export interface EventWriterDeps {
  events: Pick<TokenEventsRepository, 'store'>;
  fence: Fence;
  bus: Bus;
  clock: Clock;
  metrics: FeedMetrics;
  /** Stored and published. */
  onStored(events: readonly TokenEvent[]): void;
  onError(error: unknown): void;
  onFencedOut(error: FencedOutError): void;
}

export interface EventWriter {
  add(event: TokenEvent, dedupeKey: string): void;
  waiting(): number;
  /** Stores what waits, if Postgres takes it at once, then ends. */
  stop(): Promise<void>;
}

/** The one writer of token events: batches, each numbered and stored in one transaction, then published. */
export function createEventWriter(deps: EventWriterDeps): EventWriter {
  const { clock, metrics } = deps;
  let waiting: KeyedTokenEvent[] = [];

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      const stored = await deps.events.store(deps.fence, batch);
      // Only now are they done: a failed batch is tried again, and its keys keep it from being stored twice.
      const done = new Set(batch);
      waiting = waiting.filter((one) => !done.has(one));
      publish(stored);
      const oldest = batch[0]?.event.at ?? clock.now();
      metrics.publishLag.observe({ venue: 'pumpfun' }, Math.max(0, clock.now() - oldest) / 1_000);
      deps.onStored(stored);
    }
  }

  function publish(stored: TokenEvent[]): void {
    for (const event of stored) metrics.tokenEvents.inc({ kind: event.kind });
    if (stored.length === 0) return;
    if (stored.length > MAX_INLINE) deps.bus.publish('market', 'tokens.pumpfun', null);
    else {
      deps.bus.publishList('market', 'tokens.pumpfun', stored, (events) => ({ type: 'tokenEvents', events }));
    }
  }

  const flushing: Repeated = repeat(clock, FLUSH_EVERY_MS, flush, (error) => {
    if (error instanceof FencedOutError) deps.onFencedOut(error);
    else {
      metrics.storeFailures.inc({ venue: 'pumpfun' });
      deps.onError(error);
    }
  });

  return {
    add(event, dedupeKey) {
      if (waiting.length >= MAX_WAITING) {
        waiting.splice(0, MAX_WAITING / 10);
        metrics.eventsDropped.inc(MAX_WAITING / 10);
      }
      waiting.push({ event, dedupeKey });
    },
    waiting: () => waiting.length,
    async stop() {
      await flushing.stop();
      await flush().catch((error: unknown) => deps.onError(error));
    },
  };
}
