import {
  BigId,
  CandlesAnswer,
  CatalogAnswer,
  ExitPlan,
  InstrumentName,
  SignalAnswer,
  SignalsAnswer,
  TIMEFRAMES,
  Timeframe,
  TokensAnswer,
  Venue,
} from '@onefeed/contracts';
import type { CandlesRepository, SignalQueries, TokensRepository } from '@onefeed/db';
import { Type } from 'typebox';
import { callerOf } from '../http/access.ts';
import { ApiFailure } from '../http/api-failure.ts';
import { PageQuery, readCursor, writeCursor } from '../http/paging.ts';
import type { RouteApp } from '../http/route-app.ts';
import { toBar } from '../live/candle-series.ts';
import type { InstrumentDirectory } from '../live/instrument-directory.ts';
import type { SignalStreams } from '../live/signal-streams.ts';
import type { BuiltInRule } from '../strategies/built-in-rules.ts';

const success = true as const;
const closed = { additionalProperties: false };

/** Ids of the list of tokens. */
const MINT = /^[0-9A-Za-z]+$/;

const CandlesQuery = Type.Object(
  {
    venue: Venue,
    instrument: InstrumentName,
    timeframe: Timeframe,
    limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 300 }),
    /** Open time in ms: only older candles. */
    before: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  closed,
);
const SignalsQuery = Type.Object(
  {
    ...PageQuery.properties,
    venue: Type.Optional(Venue),
    instrument: Type.Optional(InstrumentName),
    ruleKey: Type.Optional(Type.String({ minLength: 16, maxLength: 64 })),
  },
  closed,
);

/** What there is to trade and what happened in the markets. */
export function marketRoutes(
  app: RouteApp,
  deps: {
    instruments: InstrumentDirectory;
    candles: Pick<CandlesRepository, 'latest'>;
    tokens: Pick<TokensRepository, 'newest'>;
    signals: SignalQueries;
    signalStreams: SignalStreams;
    builtInRules: readonly BuiltInRule[];
  },
): void {
  app.get(
    '/api/catalog',
    { config: { access: 'public' }, schema: { response: { 200: CatalogAnswer } } },
    async () => ({
      success,
      venues: [
        { venue: 'binance', quoteAsset: 'USDT', live: false },
        { venue: 'pumpfun', quoteAsset: 'SOL', live: false },
      ],
      instruments: [...(await deps.instruments.list())],
      timeframes: [...TIMEFRAMES],
      strategies: deps.builtInRules.map(({ name, title, description, kind, source }) => ({
        name,
        title,
        description,
        kind,
        source,
      })),
      exitPlanSchema: ExitPlan as unknown,
    }),
  );

  app.get(
    '/api/candles',
    { config: { access: 'public' }, schema: { querystring: CandlesQuery, response: { 200: CandlesAnswer } } },
    async (request) => {
      const { venue, instrument, timeframe, limit, before } = request.query;
      if (!(await deps.instruments.has(venue, instrument))) throw new ApiFailure('UNKNOWN_INSTRUMENT');
      const stored = await deps.candles.latest({ venue, instrument, timeframe }, limit, before);
      return { success, candles: stored.map(toBar) };
    },
  );

  app.get(
    '/api/tokens',
    { config: { access: 'public' }, schema: { querystring: PageQuery, response: { 200: TokensAnswer } } },
    async (request) => {
      const { limit, cursor } = request.query;
      const place = cursor === undefined ? undefined : readCursor(cursor, MINT);
      const after = place && { createdAt: wholeNumber(place.at), mint: place.id };
      const read = await deps.tokens.newest(limit + 1, after);
      const tokens = read.slice(0, limit);
      const last = read.length > limit ? tokens.at(-1) : undefined;
      return {
        success,
        tokens,
        nextCursor: writeCursor(last ? { at: String(last.createdAt), id: last.mint } : null),
      };
    },
  );

  app.get(
    '/api/signals',
    { config: { access: 'user' }, schema: { querystring: SignalsQuery, response: { 200: SignalsAnswer } } },
    async (request) => {
      const { limit, cursor, venue, instrument, ruleKey } = request.query;
      const visible = await deps.signalStreams.visibleRules(callerOf(request).userId);
      const ruleKeys = ruleKey === undefined ? visible : visible.filter((rule) => rule === ruleKey);
      const before = cursor === undefined ? null : BigInt(wholeNumber(readCursor(cursor).id));
      const read = await deps.signals.list({ ruleKeys, venue, instrument }, limit + 1, before);
      const signals = read.slice(0, limit);
      const last = read.length > limit ? signals.at(-1) : undefined;
      return { success, signals, nextCursor: writeCursor(last ? { at: '0', id: last.id } : null) };
    },
  );

  app.get(
    '/api/signals/:id',
    {
      config: { access: 'user' },
      schema: { params: Type.Object({ id: BigId }), response: { 200: SignalAnswer } },
    },
    async (request) => {
      const visible = await deps.signalStreams.visibleRules(callerOf(request).userId);
      const id = BigInt(request.params.id);
      const signal = id > 9_223_372_036_854_775_807n ? null : await deps.signals.get(visible, id);
      if (!signal) throw new ApiFailure('NOT_FOUND');
      return { success, signal };
    },
  );
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new ApiFailure('INVALID_REQUEST', {
    details: [{ path: '/cursor', message: 'is not a cursor of this list' }],
  });
}
