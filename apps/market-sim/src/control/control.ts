import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { klineRow, type RestAnswer } from '../binance/rest.ts';
import { isInterval } from '../market/interval.ts';
import { queryKlines } from '../market/kline-query.ts';
import type { MarketSource } from '../market/market-source.ts';
import { SIM_VENUES, type SimMetrics, type SimVenue } from '../sim-metrics.ts';
import { createFaults, type Faults } from './faults.ts';

const MAX_BODY_BYTES = 1024 * 1024;
const MAX_TRUTH_ROWS = 200_000;

export interface ControlDeps {
  source: MarketSource;
  /** Venue time, ms. */
  now: () => number;
  faults: Faults;
  metrics: SimMetrics;
  sockets(venue: SimVenue): ReadonlySet<WebSocket>;
  /** Tells every Binance client that the server goes down. */
  announceShutdown(): void;
}

/** A request that makes no sense; the message goes back with 400. */
class ControlError extends Error {
  override name = 'ControlError';
}

interface Body {
  venue?: unknown;
  on?: unknown;
  text?: unknown;
  dropOneIn?: unknown;
  duplicateOneIn?: unknown;
  statuses?: unknown;
}

/** The endpoints that tests steer the simulator with. Open only with SIM_CONTROL=enabled. */
export function createControl(deps: ControlDeps) {
  const { faults, metrics, source } = deps;

  const actions: Readonly<Record<string, (body: Body) => unknown>> = {
    /** Cuts the connections without a close frame. */
    '/sim/drop': (body) => {
      const sockets = [...deps.sockets(venueOf(body))];
      for (const socket of sockets) socket.terminate();
      return { dropped: sockets.length };
    },
    '/sim/silence': (body) => ({ silence: { ...faults.silence, ...set(faults.silence, body) } }),
    '/sim/refuse': (body) => ({ refuse: { ...faults.refuse, ...set(faults.refuse, body) } }),
    /** Sends any text, well-formed or not, to every client of the venue. */
    '/sim/frame': (body) => {
      const { text } = body;
      if (typeof text !== 'string') throw new ControlError('text must be a string');
      const sockets = [...deps.sockets(venueOf(body))];
      for (const socket of sockets) socket.send(text);
      return { sent: sockets.length };
    },
    '/sim/finals': (body) => {
      faults.dropFinalOneIn = count(body.dropOneIn, 'dropOneIn');
      faults.duplicateFinalOneIn = count(body.duplicateOneIn, 'duplicateOneIn');
      return { dropOneIn: faults.dropFinalOneIn, duplicateOneIn: faults.duplicateFinalOneIn };
    },
    /** The next REST requests get these statuses, one each. */
    '/sim/rest': ({ statuses }) => {
      const isStatus = (value: unknown) =>
        Number.isInteger(value) && Number(value) >= 400 && Number(value) < 600;
      if (!Array.isArray(statuses) || !statuses.every(isStatus)) {
        throw new ControlError('statuses must be a list of HTTP error statuses');
      }
      faults.restStatuses = statuses as number[];
      return { statuses };
    },
    '/sim/shutdown': () => {
      deps.announceShutdown();
      return {};
    },
    '/sim/reset': () => Object.assign(faults, createFaults()),
  };

  const queries: Readonly<Record<string, (query: URLSearchParams) => unknown>> = {
    '/sim/truth': (query) => ({ klines: truth(query) }),
    '/sim/state': () => ({
      venueTime: deps.now(),
      faults,
      violations: metrics.violationsTotal(),
      venues: SIM_VENUES.map((venue) => ({
        venue,
        connections: metrics.connections(venue),
        maxConnections: metrics.maxConnections(venue),
      })),
    }),
  };

  /** Closed bars that open in from..to, both ms and inclusive, as REST rows. */
  function truth(query: URLSearchParams): unknown[] {
    const symbol = query.get('symbol') ?? '';
    const interval = query.get('interval') ?? '';
    const from = Number(query.get('from') ?? Number.NaN);
    const to = Number(query.get('to') ?? deps.now());
    if (!isInterval(interval)) throw new ControlError('interval is not one of the venue');
    const series = { symbol, interval, offsetMs: 0 };
    if (!source.has(series)) throw new ControlError('the venue has no such symbol');
    if (!Number.isFinite(from) || !Number.isFinite(to)) throw new ControlError('from and to are times in ms');
    const now = deps.now();
    const range = { startTime: from, endTime: to, limit: MAX_TRUTH_ROWS };
    return queryKlines(source, series, range, now)
      .filter((bar) => bar.closeTime < now)
      .map((bar) => klineRow(bar, false));
  }

  return async (request: IncomingMessage, url: URL): Promise<RestAnswer> => {
    try {
      if (request.method === 'GET') {
        const query = queries[url.pathname];
        return query ? answer(200, query(url.searchParams)) : answer(404, { error: 'no such query' });
      }
      const action = actions[url.pathname];
      if (!action || request.method !== 'POST') return answer(404, { error: 'no such action' });
      return answer(200, action(await readBody(request)));
    } catch (error) {
      if (!(error instanceof ControlError)) throw error;
      return answer(400, { error: error.message });
    }
  };
}

const answer = (status: number, body: unknown): RestAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

function venueOf({ venue }: Body): SimVenue {
  const found = SIM_VENUES.find((known) => known === venue);
  if (!found) throw new ControlError(`venue must be ${SIM_VENUES.join(' or ')}`);
  return found;
}

/** Switches one venue; `on` is true unless it is said to be false. */
function set(flags: Record<SimVenue, boolean>, body: Body): Record<SimVenue, boolean> {
  flags[venueOf(body)] = body.on !== false;
  return flags;
}

function count(value: unknown, name: string): number {
  if (value === undefined) return 0;
  if (!Number.isInteger(value) || Number(value) < 0) throw new ControlError(`${name} must be a whole number`);
  return Number(value);
}

async function readBody(request: IncomingMessage): Promise<Body> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > MAX_BODY_BYTES) throw new ControlError('the body is too large');
  }
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Falls through to the same answer as any other body that is no object.
  }
  throw new ControlError('the body must be a JSON object');
}
