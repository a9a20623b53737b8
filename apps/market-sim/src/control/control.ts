import type { IncomingMessage } from 'node:http';
import type { RestAnswer } from '../binance/rest.ts';
import { SIM_VENUES, type SimVenue } from '../sim-metrics.ts';
import { ControlError, DROP_WAYS, type FaultActions } from './fault-actions.ts';
import { FaultPlanError, readFaultPlan } from './fault-plan.ts';
import type { FaultRunner } from './fault-runner.ts';
import { createFaults, type Faults, type HttpVenue } from './faults.ts';
import type { Queries } from './queries.ts';

const MAX_BODY_BYTES = 2 * 1024 * 1024;

export interface ControlDeps {
  faults: Faults;
  actions: FaultActions;
  runner: FaultRunner;
  queries: Queries;
  /** Sends any text to every client of a venue; the number of clients. */
  broadcast(venue: SimVenue, text: string): number;
}

type Body = Readonly<Record<string, unknown>>;

/** The endpoints that tests steer the simulator with. Open only with SIM_CONTROL=enabled. */
export function createControl({ faults, actions, runner, queries, broadcast }: ControlDeps) {
  const switches: Readonly<Record<string, (body: Body) => unknown>> = {
    '/sim/drop': (body) => ({ dropped: actions.drop(venueOf(body), oneOf(body, 'how', DROP_WAYS)) }),
    '/sim/gap': (body) => ({ dropped: actions.gap(venueOf(body), positive(body, 'seconds', 1)) }),
    '/sim/silence': (body) => {
      const stream = body.stream;
      if (stream === undefined) actions.silence(venueOf(body), lasting(body));
      else if (typeof stream === 'string') actions.silenceStream(stream, lasting(body));
      else throw new ControlError('stream must be a stream name');
      return queries.faults();
    },
    '/sim/refuse': (body) => {
      actions.refuse(venueOf(body), lasting(body));
      return queries.faults();
    },
    '/sim/frame': (body) => {
      const { text } = body;
      if (typeof text !== 'string') throw new ControlError('text must be a string');
      return { sent: broadcast(venueOf(body), text) };
    },
    '/sim/hostile': (body) => {
      const { kind } = body;
      if (kind !== undefined && typeof kind !== 'string') throw new ControlError('kind must be a string');
      return actions.hostile(venueOf(body), kind, count(body, 'seed'));
    },
    '/sim/finals': (body) => {
      faults.dropFinalOneIn = count(body, 'dropOneIn');
      faults.duplicateFinalOneIn = count(body, 'duplicateOneIn');
      faults.lateFinalOneIn = count(body, 'lateOneIn');
      faults.lateFinalMs = positive(body, 'lateMs', faults.lateFinalMs);
      const { dropFinalOneIn, duplicateFinalOneIn, lateFinalOneIn, lateFinalMs } = faults;
      return {
        dropOneIn: dropFinalOneIn,
        duplicateOneIn: duplicateFinalOneIn,
        lateOneIn: lateFinalOneIn,
        lateMs: lateFinalMs,
      };
    },
    '/sim/rest': (body) => {
      const http = faults.http[httpVenueOf(body)];
      const { statuses = [], rpcErrorCodes } = body;
      const isStatus = (value: unknown) =>
        Number.isInteger(value) && Number(value) >= 400 && Number(value) < 600;
      if (!Array.isArray(statuses) || !statuses.every(isStatus)) {
        throw new ControlError('statuses must be a list of HTTP error statuses');
      }
      if (rpcErrorCodes !== undefined) {
        if (!Array.isArray(rpcErrorCodes) || !rpcErrorCodes.every(Number.isInteger)) {
          throw new ControlError('rpcErrorCodes must be a list of whole numbers');
        }
        faults.rpcErrorCodes = rpcErrorCodes as number[];
      }
      http.statuses = statuses as number[];
      http.retryAfterSeconds = positive(body, 'retryAfterSeconds', http.retryAfterSeconds);
      http.failOneIn = count(body, 'failOneIn');
      http.truncateOneIn = count(body, 'truncateOneIn');
      http.delayOneIn = count(body, 'delayOneIn');
      http.delayMs = positive(body, 'delayMs', http.delayMs);
      return { statuses, http };
    },
    '/sim/ban': (body) => {
      const status = body.status ?? 418;
      if (status !== 418 && status !== 429) throw new ControlError('status must be 418 or 429');
      actions.ban(httpVenueOf(body), status, positive(body, 'seconds', 1));
      return {};
    },
    '/sim/shutdown': (body) => ({
      told: actions.shutdown(
        body.closeAfterSeconds === undefined ? undefined : positive(body, 'closeAfterSeconds', 1),
      ),
    }),
    '/sim/lifetime': (body) => {
      faults.lifetimeHours = body.hours === 0 ? 0 : positive(body, 'hours', 24);
      return { hours: faults.lifetimeHours };
    },
    '/sim/trades': (body) => {
      faults.loseTradeOneIn = count(body, 'loseOneIn');
      faults.delayTradeOneIn = count(body, 'delayOneIn');
      faults.delayTradeMs = positive(body, 'delayMs', faults.delayTradeMs);
      faults.truncateLogsOneIn = count(body, 'truncateLogsOneIn');
      if (body.refuse !== undefined) actions.refuseTrades(body.refuse === true ? Infinity : 0);
      if (body.stop !== undefined) actions.stopTrades(body.stop === true ? Infinity : 0);
      return queries.faults();
    },
    '/sim/faults': (body) => ({ plan: runner.begin(readFaultPlan(body)) }),
    '/sim/reset': () => {
      runner.end();
      actions.stop();
      Object.assign(faults, createFaults());
      return queries.faults();
    },
  };

  const answers: Readonly<Record<string, (query: URLSearchParams) => unknown>> = {
    '/sim/truth': queries.truth,
    '/sim/tokens': queries.tokens,
    '/sim/state': queries.state,
    '/sim/faults': () => ({ ...runner.report(), faults: queries.faults() }),
  };

  return async (request: IncomingMessage, url: URL): Promise<RestAnswer> => {
    try {
      if (request.method === 'GET') {
        const query = answers[url.pathname];
        return query ? answer(200, query(url.searchParams)) : answer(404, { error: 'no such query' });
      }
      const action = switches[url.pathname];
      if (!action || request.method !== 'POST') return answer(404, { error: 'no such action' });
      return answer(200, action(await readBody(request)));
    } catch (error) {
      if (!(error instanceof ControlError) && !(error instanceof FaultPlanError)) throw error;
      return answer(400, { error: error.message });
    }
  };
}

const answer = (status: number, body: unknown): RestAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

function oneOf<Value extends string>(body: Body, name: string, values: readonly [Value, ...Value[]]): Value {
  const asked = body[name] ?? values[0];
  const found = values.find((value) => value === asked);
  if (!found) throw new ControlError(`${name} must be one of ${values.join(', ')}`);
  return found;
}

function venueOf({ venue }: Body): SimVenue {
  const found = SIM_VENUES.find((known) => known === venue);
  if (!found) throw new ControlError(`venue must be one of ${SIM_VENUES.join(', ')}`);
  return found;
}

function httpVenueOf(body: Body): HttpVenue {
  return oneOf(body, 'venue', ['binance', 'solana'] as const);
}

/** For how long a switch is on: `seconds`, else until it is put off; `on: false` puts it off. */
const lasting = (body: Body): number => (body.on === false ? 0 : positive(body, 'seconds', Infinity));

function count(body: Body, name: string): number {
  const value = body[name] ?? 0;
  if (!Number.isInteger(value) || Number(value) < 0) throw new ControlError(`${name} must be a whole number`);
  return Number(value);
}

function positive(body: Body, name: string, otherwise: number): number {
  const value = body[name] ?? otherwise;
  if (typeof value !== 'number' || !(value > 0)) throw new ControlError(`${name} must be a positive number`);
  return value;
}

async function readBody(request: IncomingMessage): Promise<Body> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > MAX_BODY_BYTES) throw new ControlError('the body is too large');
  }
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Body;
  } catch {
    // Falls through to the same answer as any other body that is no object.
  }
  throw new ControlError('the body must be a JSON object');
}
