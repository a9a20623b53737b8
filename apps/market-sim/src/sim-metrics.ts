import { Counter, Gauge, type Registry } from 'prom-client';

export type SimVenue = 'binance' | 'pumpfun' | 'solana';
export const SIM_VENUES: readonly SimVenue[] = ['binance', 'pumpfun', 'solana'];

/** What the simulator counts; the upstream side of the promise of one connection per venue (I1). */
export interface SimMetrics {
  opened(venue: SimVenue): void;
  closed(venue: SimVenue): void;
  /** The longest time so far that two connections of a venue were open at once. */
  overlap(venue: SimVenue, longestMs: number): void;
  frame(venue: SimVenue, kind: string): void;
  violation(venue: SimVenue, kind: string): void;
  fault(venue: SimVenue, kind: string): void;
  restRequest(status: number): void;
  connections(venue: SimVenue): number;
  framesTotal(): number;
  violationsTotal(): number;
  /** Count of each kind, as `venue kind`. */
  violationKinds(): Record<string, number>;
}

export function createSimMetrics(registry: Registry): SimMetrics {
  const registers = [registry];
  const labelNames = ['venue'] as const;
  const open = new Gauge({
    name: 'onefeed_sim_connections',
    help: 'WebSocket connections open now',
    labelNames,
    registers,
  });
  const most = new Gauge({
    name: 'onefeed_sim_max_connections',
    help: 'Most WebSocket connections open at once since the start, refused ones included',
    labelNames,
    registers,
  });
  const total = new Counter({
    name: 'onefeed_sim_connections_total',
    help: 'WebSocket connections opened since the start',
    labelNames,
    registers,
  });
  const longestOverlap = new Gauge({
    name: 'onefeed_sim_longest_overlap_seconds',
    help: 'Longest time that more than one WebSocket connection was open at once',
    labelNames,
    registers,
  });
  const frames = new Counter({
    name: 'onefeed_sim_frames_total',
    help: 'Frames sent by kind',
    labelNames: ['venue', 'kind'] as const,
    registers,
  });
  const violations = new Counter({
    name: 'onefeed_sim_violations_total',
    help: 'Times a client broke a limit of the venue',
    labelNames,
    registers,
  });
  const faults = new Counter({
    name: 'onefeed_sim_faults_total',
    help: 'Faults that happened on purpose, by kind',
    labelNames: ['venue', 'kind'] as const,
    registers,
  });
  const rest = new Counter({
    name: 'onefeed_sim_rest_requests_total',
    help: 'REST requests by answer status',
    labelNames: ['status'] as const,
    registers,
  });
  const now: Record<SimVenue, number> = { binance: 0, pumpfun: 0, solana: 0 };
  const max: Record<SimVenue, number> = { binance: 0, pumpfun: 0, solana: 0 };
  const kinds: Record<string, number> = {};
  let framesTotal = 0;
  let violationsTotal = 0;

  function show(venue: SimVenue): void {
    open.set({ venue }, now[venue]);
    most.set({ venue }, max[venue]);
  }
  for (const venue of SIM_VENUES) {
    show(venue);
    longestOverlap.set({ venue }, 0);
    total.inc({ venue }, 0);
    violations.inc({ venue }, 0);
  }

  return {
    opened(venue) {
      now[venue] += 1;
      max[venue] = Math.max(max[venue], now[venue]);
      total.inc({ venue });
      show(venue);
    },
    closed(venue) {
      now[venue] -= 1;
      show(venue);
    },
    overlap: (venue, longestMs) => longestOverlap.set({ venue }, longestMs / 1_000),
    frame(venue, kind) {
      framesTotal += 1;
      frames.inc({ venue, kind });
    },
    violation(venue, kind) {
      violationsTotal += 1;
      kinds[`${venue} ${kind}`] = (kinds[`${venue} ${kind}`] ?? 0) + 1;
      violations.inc({ venue });
    },
    fault: (venue, kind) => faults.inc({ venue, kind }),
    restRequest: (status) => rest.inc({ status: String(status) }),
    connections: (venue) => now[venue],
    framesTotal: () => framesTotal,
    violationsTotal: () => violationsTotal,
    violationKinds: () => ({ ...kinds }),
  };
}
