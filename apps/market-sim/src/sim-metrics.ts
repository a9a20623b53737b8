import { Counter, Gauge, type Registry } from 'prom-client';

export type SimVenue = 'binance' | 'pumpfun';
export const SIM_VENUES: readonly SimVenue[] = ['binance', 'pumpfun'];

/** What the simulator counts; the upstream side of the promise of one connection per venue (I1). */
export interface SimMetrics {
  opened(venue: SimVenue): void;
  closed(venue: SimVenue): void;
  frame(venue: SimVenue, kind: string): void;
  violation(venue: SimVenue): void;
  restRequest(status: number): void;
  connections(venue: SimVenue): number;
  maxConnections(venue: SimVenue): number;
  framesTotal(): number;
  violationsTotal(): number;
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
  const rest = new Counter({
    name: 'onefeed_sim_rest_requests_total',
    help: 'REST requests by answer status',
    labelNames: ['status'] as const,
    registers,
  });
  const now = { binance: 0, pumpfun: 0 };
  const max = { binance: 0, pumpfun: 0 };
  let framesTotal = 0;
  let violationsTotal = 0;

  function show(venue: SimVenue): void {
    open.set({ venue }, now[venue]);
    most.set({ venue }, max[venue]);
  }
  for (const venue of SIM_VENUES) {
    show(venue);
    violations.inc({ venue }, 0);
  }

  return {
    opened(venue) {
      now[venue] += 1;
      max[venue] = Math.max(max[venue], now[venue]);
      show(venue);
    },
    closed(venue) {
      now[venue] -= 1;
      show(venue);
    },
    frame(venue, kind) {
      framesTotal += 1;
      frames.inc({ venue, kind });
    },
    violation(venue) {
      violationsTotal += 1;
      violations.inc({ venue });
    },
    restRequest: (status) => rest.inc({ status: String(status) }),
    connections: (venue) => now[venue],
    maxConnections: (venue) => max[venue],
    framesTotal: () => framesTotal,
    violationsTotal: () => violationsTotal,
  };
}
