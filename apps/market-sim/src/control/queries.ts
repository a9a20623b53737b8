import { klineRow } from '../binance/rest.ts';
import type { ConnectionTally } from '../connection-tally.ts';
import { isInterval } from '../market/interval.ts';
import { queryKlines } from '../market/kline-query.ts';
import type { MarketSource } from '../market/market-source.ts';
import { SIM_VENUES, type SimMetrics } from '../sim-metrics.ts';
import type { CurveLedger } from '../solana/curve-ledger.ts';
import { ControlError } from './fault-actions.ts';
import { describeFaults, type Faults } from './faults.ts';

const MAX_TRUTH_ROWS = 50_000;

export interface QueriesDeps {
  source: MarketSource;
  /** Venue time, ms. */
  now: () => number;
  wallNow: () => number;
  faults: Faults;
  metrics: SimMetrics;
  tally: ConnectionTally;
  ledger: CurveLedger;
  mostSubscribers: () => number;
}

export type Queries = ReturnType<typeof createQueries>;

/** What the simulator knows, faults or not. */
export function createQueries(deps: QueriesDeps) {
  const { source, metrics } = deps;

  /** Closed bars that open in from..to, both ms and inclusive, as REST rows; `next` is where to go on. */
  function truth(query: URLSearchParams): { klines: unknown[]; next: number | null } {
    const symbol = query.get('symbol') ?? '';
    const interval = query.get('interval') ?? '';
    const now = deps.now();
    const from = Number(query.get('from') ?? Number.NaN);
    const to = Number(query.get('to') ?? now);
    const limit = Number(query.get('limit') ?? MAX_TRUTH_ROWS);
    if (!isInterval(interval)) throw new ControlError('interval is not one of the venue');
    const series = { symbol, interval, offsetMs: 0 };
    if (!source.has(series)) throw new ControlError('the venue has no such symbol');
    if (!Number.isFinite(from) || !Number.isFinite(to)) throw new ControlError('from and to are times in ms');
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_TRUTH_ROWS) {
      throw new ControlError(`limit must be a whole number from 1 to ${MAX_TRUTH_ROWS}`);
    }
    const found = queryKlines(source, series, { startTime: from, endTime: to, limit: limit + 1 }, now);
    const closed = found.filter((bar) => bar.closeTime < now);
    const klines = closed.slice(0, limit).map((bar) => klineRow(bar, false));
    return { klines, next: closed[limit]?.openTime ?? null };
  }

  const faults = () => describeFaults(deps.faults, deps.wallNow());

  return {
    truth,
    faults,
    /** The curves of the mints asked for, as the chain has them; all that are remembered without a query. */
    tokens(query: URLSearchParams): unknown {
      const mints = query.get('mints');
      return { tokens: deps.ledger.describe(mints === null ? undefined : mints.split(',')) };
    },
    state: () => ({
      venueTime: deps.now(),
      faults: faults(),
      violations: metrics.violationsTotal(),
      violationKinds: metrics.violationKinds(),
      /** More than one: some stream came over two connections at once, as it does in a rollover. */
      mostConnectionsPerStream: deps.mostSubscribers(),
      venues: SIM_VENUES.map((venue) => ({ venue, ...deps.tally.report(venue) })),
    }),
  };
}
