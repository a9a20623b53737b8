import type { Bus } from '@onefeed/bus';
import type { Figures, Kit, Term } from '@onefeed/service-kit';
import type { Clock, OpenSocket } from '@onefeed/venues';
import type { FeedMetrics } from './metrics.ts';
import type { SparseLog } from './sparse-log.ts';

/** What the feed of a venue does while its process leads it. */
export interface VenueFeed {
  /**
   * Holds the venue's socket until the term ends; resolves when the socket is closed and nothing is written
   * any more (I1). Throws FencedOutError when another process has taken over.
   */
  lead(term: Term): Promise<void>;
  /** Why no data flows although this process leads; empty when it does. */
  readiness(): string[];
  figures(): Figures;
  sockets(): number;
}

/** What every feed is given. */
export interface FeedDeps {
  kit: Kit;
  bus: Bus;
  metrics: FeedMetrics;
  log: SparseLog;
  clock: Clock;
  openSocket: OpenSocket;
  random: () => number;
}
