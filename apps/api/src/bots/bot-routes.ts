import {
  BotAnswer,
  BotStatusAnswer,
  BotsAnswer,
  CreateBot,
  DecisionsAnswer,
  Done,
  OrdersAnswer,
  PositionsAnswer,
  TradesAnswer,
  Uuid,
} from '@onefeed/contracts';
import type { BotQueries } from '@onefeed/db';
import { Type } from 'typebox';
import { callerOf } from '../http/access.ts';
import { ApiFailure } from '../http/api-failure.ts';
import { EmptyBody } from '../http/empty-body.ts';
import { PageQuery, toSlice, writeCursor } from '../http/paging.ts';
import type { RouteApp } from '../http/route-app.ts';
import type { BotDesk } from './bot-desk.ts';

const IdParams = Type.Object({ id: Uuid });
const user = { access: 'user' } as const;
const success = true as const;

/** A user's bots and all that is theirs. What is another user's answers as if it did not exist (I8). */
export function botRoutes(app: RouteApp, deps: { desk: BotDesk; bots: BotQueries; now: () => number }): void {
  const { desk, bots } = deps;

  const owned = async (userId: string, botId: string) => {
    const bot = await bots.get(userId, botId);
    if (!bot) throw new ApiFailure('NOT_FOUND');
    return bot;
  };

  app.get(
    '/api/bots',
    { config: user, schema: { querystring: PageQuery, response: { 200: BotsAnswer } } },
    async (request) => {
      const part = await bots.list(callerOf(request).userId, toSlice(request.query));
      return { success, bots: part.rows, nextCursor: writeCursor(part.next) };
    },
  );

  app.post(
    '/api/bots',
    { config: user, schema: { body: CreateBot, response: { 201: BotAnswer } } },
    async (request, reply) => {
      const bot = await desk.create(callerOf(request).userId, request.body);
      reply.code(201);
      return { success, bot };
    },
  );

  const schema = { params: IdParams, response: { 200: BotAnswer } };
  app.get('/api/bots/:id', { config: user, schema }, async (request) => ({
    success,
    bot: await owned(callerOf(request).userId, request.params.id),
  }));

  app.post(
    '/api/bots/:id/start',
    { config: user, schema: { ...schema, body: EmptyBody } },
    async (request) => ({
      success,
      bot: await desk.start(callerOf(request).userId, request.params.id),
    }),
  );

  app.post(
    '/api/bots/:id/stop',
    { config: user, schema: { ...schema, body: EmptyBody } },
    async (request) => ({
      success,
      bot: await desk.stop(callerOf(request).userId, request.params.id),
    }),
  );

  const doneSchema = { params: IdParams, body: EmptyBody, response: { 200: Done } };
  app.delete('/api/bots/:id', { config: user, schema: doneSchema }, async (request) => {
    await desk.remove(callerOf(request).userId, request.params.id);
    return { success };
  });

  app.post('/api/bots/:id/close-positions', { config: user, schema: doneSchema }, async (request) => {
    await desk.closePositions(callerOf(request).userId, request.params.id);
    return { success };
  });

  app.get(
    '/api/bots/:id/status',
    { config: user, schema: { params: IdParams, response: { 200: BotStatusAnswer } } },
    async (request) => {
      const { userId } = callerOf(request);
      const bot = await owned(userId, request.params.id);
      const totals = await bots.totals({ userId, botId: bot.id });
      return { success, bot, uptimeSeconds: uptimeSeconds(bot, deps.now()), ...totals };
    },
  );

  const listSchema = { params: IdParams, querystring: PageQuery };
  app.get(
    '/api/bots/:id/positions',
    { config: user, schema: { ...listSchema, response: { 200: PositionsAnswer } } },
    async (request) => {
      const { userId } = callerOf(request);
      const { id: botId } = await owned(userId, request.params.id);
      const part = await bots.positions({ userId, botId }, toSlice(request.query));
      return { success, positions: part.rows, nextCursor: writeCursor(part.next) };
    },
  );

  app.get(
    '/api/bots/:id/orders',
    { config: user, schema: { ...listSchema, response: { 200: OrdersAnswer } } },
    async (request) => {
      const { userId } = callerOf(request);
      const { id: botId } = await owned(userId, request.params.id);
      const part = await bots.orders({ userId, botId }, toSlice(request.query));
      return { success, orders: part.rows, nextCursor: writeCursor(part.next) };
    },
  );

  app.get(
    '/api/bots/:id/trades',
    { config: user, schema: { ...listSchema, response: { 200: TradesAnswer } } },
    async (request) => {
      const { userId } = callerOf(request);
      const { id: botId } = await owned(userId, request.params.id);
      const part = await bots.trades({ userId, botId }, toSlice(request.query));
      return { success, trades: part.rows, nextCursor: writeCursor(part.next) };
    },
  );

  app.get(
    '/api/bots/:id/decisions',
    { config: user, schema: { ...listSchema, response: { 200: DecisionsAnswer } } },
    async (request) => {
      const { userId } = callerOf(request);
      const { id: botId } = await owned(userId, request.params.id);
      const part = await bots.decisions({ userId, botId }, toSlice(request.query));
      return { success, decisions: part.rows, nextCursor: writeCursor(part.next) };
    },
  );

  app.get(
    '/api/positions',
    { config: user, schema: { querystring: PageQuery, response: { 200: PositionsAnswer } } },
    async (request) => {
      const part = await bots.positions({ userId: callerOf(request).userId }, toSlice(request.query));
      return { success, positions: part.rows, nextCursor: writeCursor(part.next) };
    },
  );

  app.get(
    '/api/trades',
    { config: user, schema: { querystring: PageQuery, response: { 200: TradesAnswer } } },
    async (request) => {
      const part = await bots.trades({ userId: callerOf(request).userId }, toSlice(request.query));
      return { success, trades: part.rows, nextCursor: writeCursor(part.next) };
    },
  );
}

/** Seconds a running bot has run; 0 when it is stopped. */
export function uptimeSeconds(bot: { state: string; startedAt: number | null }, now: number): number {
  if (bot.state !== 'running' || bot.startedAt === null) return 0;
  return Math.max(0, Math.floor((now - bot.startedAt) / 1_000));
}
