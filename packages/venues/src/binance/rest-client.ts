import type { Timeframe } from '@onefeed/contracts';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { backoffDelayMs } from '../connection/backoff.ts';
import type { Clock } from '../connection/clock.ts';
import { BinanceRestError, type RestFailure } from './rest-error.ts';
import type { RestGate, RestPriority } from './rest-gate.ts';
import { type ExchangeRules, type HistoryBar, mapExchangeInfo, mapKlineRows } from './rest-rows.ts';

/** Bars an answer may hold. */
export const KLINES_PAGE = 1_000;
const WEIGHT = { klines: 2, exchangeInfo: 20, time: 1 } as const;
const REQUEST_TIMEOUT_MS = 10_000;
const ATTEMPTS = 4;
const BACKOFF = { firstMs: 300, maxMs: 5_000 };
/** When the venue limits us without saying for how long: a minute is its window, two its shortest ban. */
const PAUSE_MS: Record<'rate_limited' | 'banned', number> = { rate_limited: 60_000, banned: 120_000 };

const serverTime = Compile(Type.Object({ serverTime: Type.Integer({ minimum: 0 }) }));
const failureBody = Compile(Type.Object({ code: Type.Integer(), msg: Type.String() }));

export interface BinanceRestDeps {
  /** `https://api.binance.com`, without path. */
  baseUrl: string;
  gate: RestGate;
  clock: Clock;
  random: () => number;
  fetch: typeof fetch;
  /** Told of each request's end. */
  onRequest?(outcome: RestOutcome): void;
}

export interface KlineQuery {
  instrument: string;
  timeframe: Timeframe;
  /** Open times from and to, both inclusive, ms. */
  startTime?: number;
  endTime?: number;
  limit: number;
  /** `history` when absent. */
  priority?: RestPriority;
}

/** How a request ended; labels a metric. */
export type RestOutcome = 'answered' | RestFailure;

/** The venue's public REST API. Recoverable failures are retried a few times, then thrown as BinanceRestError. */
export function createBinanceRestClient(deps: BinanceRestDeps) {
  const base = deps.baseUrl.replace(/\/+$/, '');

  async function get(
    path: string,
    weight: number,
    signal: AbortSignal,
    priority: RestPriority = 'history',
  ): Promise<unknown> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await once(path, weight, signal, priority);
      } catch (error) {
        const canRetry = error instanceof BinanceRestError && error.failure !== 'refused';
        if (!canRetry || attempt + 1 >= ATTEMPTS || signal.aborted) throw error;
        // While the gate is paused it holds the next attempt back by itself.
        if (error.failure === 'unavailable') {
          await delay(deps.clock, backoffDelayMs(attempt, BACKOFF, deps.random()), signal);
        }
      }
    }
  }

  async function once(
    path: string,
    weight: number,
    signal: AbortSignal,
    priority: RestPriority,
  ): Promise<unknown> {
    const leave = await deps.gate.enter(weight, signal, priority);
    try {
      const response = await deps.fetch(`${base}${path}`, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
      });
      const used = Number(
        response.headers.get('x-mbx-used-weight-1m') ??
          response.headers.get('x-mbx-used-weight') ??
          Number.NaN,
      );
      if (Number.isFinite(used)) deps.gate.used(used);
      const text = await response.text();
      if (!response.ok) throw refusal(response.status, response.headers.get('retry-after'), text);
      const answer: unknown = JSON.parse(text);
      deps.onRequest?.('answered');
      return answer;
    } catch (error) {
      if (signal.aborted) throw error;
      deps.onRequest?.(error instanceof BinanceRestError ? error.failure : 'unavailable');
      if (error instanceof BinanceRestError) throw error;
      throw new BinanceRestError(`Binance REST did not answer: ${reasonOf(error)}`, {
        failure: 'unavailable',
        cause: error,
      });
    } finally {
      leave();
    }
  }

  function refusal(status: number, retryAfter: string | null, text: string): BinanceRestError {
    const failure: RestFailure =
      status === 429
        ? 'rate_limited'
        : status === 418 || status === 403
          ? 'banned'
          : status >= 500
            ? 'unavailable'
            : 'refused';
    const seconds = Number(retryAfter ?? Number.NaN);
    const retryAfterMs = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
    if (failure === 'rate_limited' || failure === 'banned')
      deps.gate.pause(retryAfterMs ?? PAUSE_MS[failure]);
    const body = parseFailure(text);
    return new BinanceRestError(`Binance REST answered ${status}: ${body?.msg ?? 'no reason given'}`, {
      failure,
      code: body?.code ?? null,
      retryAfterMs,
    });
  }

  async function klines(query: KlineQuery, signal: AbortSignal): Promise<HistoryBar[]> {
    const parameters = new URLSearchParams({ symbol: query.instrument, interval: query.timeframe });
    if (query.startTime !== undefined) parameters.set('startTime', String(query.startTime));
    if (query.endTime !== undefined) parameters.set('endTime', String(query.endTime));
    parameters.set('limit', String(Math.min(query.limit, KLINES_PAGE)));
    const answer = await get(`/api/v3/klines?${parameters}`, WEIGHT.klines, signal, query.priority);
    const mapped = mapKlineRows(answer, query.instrument, query.timeframe);
    if (mapped === null || mapped.bad > 0) {
      throw new BinanceRestError('Binance REST answered klines of an unexpected form', {
        failure: 'unavailable',
      });
    }
    return mapped.bars.sort((a, b) => a.candle.openTime - b.candle.openTime);
  }

  return {
    /** At most `limit` bars (1000), ascending by open time; the last may still be forming. */
    klines,

    /**
     * The newest `count` bars (that open up to `endTime`, when given), ascending, read in pages backwards. Fewer
     * when the venue has no more. The last may still be forming.
     */
    async newestKlines(
      query: Pick<KlineQuery, 'instrument' | 'timeframe' | 'endTime' | 'priority'>,
      count: number,
      signal: AbortSignal,
    ): Promise<HistoryBar[]> {
      let bars: HistoryBar[] = [];
      while (bars.length < count) {
        const limit = Math.min(KLINES_PAGE, count - bars.length);
        const first = bars[0];
        const page = await klines(
          { ...query, limit, ...(first ? { endTime: first.candle.openTime - 1 } : {}) },
          signal,
        );
        bars = [...page, ...bars];
        if (page.length < limit) break;
      }
      return bars;
    },

    /** The venue's clock, ms. */
    async time(signal: AbortSignal, priority: RestPriority = 'gap'): Promise<number> {
      const answer = await get('/api/v3/time', WEIGHT.time, signal, priority);
      if (!serverTime.Check(answer)) {
        throw new BinanceRestError('Binance REST answered time of an unexpected form', {
          failure: 'unavailable',
        });
      }
      return answer.serverTime;
    },

    /** All instruments and their rules; sets the gate's budget from the answer. */
    async exchangeInfo(signal: AbortSignal): Promise<ExchangeRules> {
      const rules = mapExchangeInfo(await get('/api/v3/exchangeInfo', WEIGHT.exchangeInfo, signal));
      if (rules === null) {
        throw new BinanceRestError('Binance REST answered exchangeInfo of an unexpected form', {
          failure: 'unavailable',
        });
      }
      if (rules.weightPerMinute !== null) deps.gate.budget(rules.weightPerMinute);
      return rules;
    },
  };
}
export type BinanceRestClient = ReturnType<typeof createBinanceRestClient>;

function parseFailure(text: string): { code: number; msg: string } | null {
  try {
    const body: unknown = JSON.parse(text);
    return failureBody.Check(body) ? body : null;
  } catch {
    return null;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

function delay(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const abort = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    signal.addEventListener('abort', abort, { once: true });
  });
}
