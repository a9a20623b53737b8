import type { WebSocket } from 'ws';
import type { SimMetrics, SimVenue } from './sim-metrics.ts';

export interface ConnectionTally {
  /** A client is let in. */
  opened(venue: SimVenue, socket: WebSocket): void;
  /** Its socket has ended; later calls for the same socket change nothing. */
  closed(venue: SimVenue, socket: WebSocket): void;
  sockets(venue: SimVenue): ReadonlySet<WebSocket>;
  report(venue: SimVenue): ConnectionReport;
}

export interface ConnectionReport {
  /** Open now, and the most at once. */
  connections: number;
  maxConnections: number;
  /** All there ever were. */
  connectionsTotal: number;
  /** How often a connection was opened beside another: of one client, make-before-break. */
  overlaps: number;
  longestOverlapMs: number;
}

/**
 * Counts the sockets of each venue: the upstream side of the promise of one connection per venue (I1). A
 * socket whose close has begun is no longer open: a client that waits for its old socket's end before it
 * connects anew is never seen with two.
 */
export function createConnectionTally(metrics: SimMetrics, wallNow: () => number): ConnectionTally {
  const venues: Record<SimVenue, VenueTally> = {
    binance: createVenueTally(),
    pumpfun: createVenueTally(),
    solana: createVenueTally(),
  };

  function closed(venue: SimVenue, socket: WebSocket): void {
    const tally = venues[venue];
    if (!tally.sockets.delete(socket)) return;
    metrics.closed(venue);
    if (tally.sockets.size !== 1 || tally.overlapFrom === undefined) return;
    tally.longestOverlapMs = Math.max(tally.longestOverlapMs, wallNow() - tally.overlapFrom);
    tally.overlapFrom = undefined;
    metrics.overlap(venue, tally.longestOverlapMs);
  }

  return {
    closed,
    opened(venue, socket) {
      const tally = venues[venue];
      for (const other of tally.sockets) if (other.readyState !== other.OPEN) closed(venue, other);
      tally.sockets.add(socket);
      tally.total += 1;
      tally.max = Math.max(tally.max, tally.sockets.size);
      metrics.opened(venue);
      if (tally.sockets.size < 2) return;
      tally.overlaps += 1;
      tally.overlapFrom ??= wallNow();
    },
    sockets: (venue) => venues[venue].sockets,
    report(venue) {
      const { sockets, max, total, overlaps, longestOverlapMs, overlapFrom } = venues[venue];
      const current = overlapFrom === undefined ? 0 : wallNow() - overlapFrom;
      return {
        connections: sockets.size,
        maxConnections: max,
        connectionsTotal: total,
        overlaps,
        longestOverlapMs: Math.round(Math.max(longestOverlapMs, current)),
      };
    },
  };
}

interface VenueTally {
  sockets: Set<WebSocket>;
  max: number;
  total: number;
  overlaps: number;
  overlapFrom: number | undefined;
  longestOverlapMs: number;
}

const createVenueTally = (): VenueTally => ({
  sockets: new Set(),
  max: 0,
  total: 0,
  overlaps: 0,
  overlapFrom: undefined,
  longestOverlapMs: 0,
});
