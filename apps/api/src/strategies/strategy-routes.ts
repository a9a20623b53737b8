import {
  CreateStrategy,
  Done,
  StrategiesAnswer,
  StrategyAnswer,
  type StrategyKind,
  Uuid,
  ValidateStrategy,
  ValidationAnswer,
} from '@onefeed/contracts';
import type { StoredStrategy, StrategiesRepository } from '@onefeed/db';
import { Type } from 'typebox';
import type { Audit } from '../accounts/audit.ts';
import { callerOf } from '../http/access.ts';
import { ApiFailure } from '../http/api-failure.ts';
import { EmptyBody } from '../http/empty-body.ts';
import { PageQuery, toSlice, writeCursor } from '../http/paging.ts';
import type { RouteApp } from '../http/route-app.ts';
import { compileStrategy } from './compile-strategy.ts';

/** Strategies a user may keep. */
export const MAX_STRATEGIES = 100;

const IdParams = Type.Object({ id: Uuid });
const user = { access: 'user' } as const;

/** A user's own strategies. The built-in ones are in /api/catalog. */
export function strategyRoutes(
  app: RouteApp,
  deps: { strategies: StrategiesRepository; audit: Audit; newId: () => string },
): void {
  app.get(
    '/api/strategies',
    { config: user, schema: { querystring: PageQuery, response: { 200: StrategiesAnswer } } },
    async (request) => {
      const part = await deps.strategies.list(callerOf(request).userId, toSlice(request.query));
      return {
        success: true as const,
        strategies: part.rows.map(toAnswer),
        nextCursor: writeCursor(part.next),
      };
    },
  );

  app.post(
    '/api/strategies',
    { config: user, schema: { body: CreateStrategy, response: { 201: StrategyAnswer } } },
    async (request, reply) => {
      const { userId } = callerOf(request);
      const { name, source } = request.body;
      const compiled = compileStrategy(source);
      if (!compiled.ok) throw new ApiFailure('INVALID_STRATEGY', { details: compiled.problems });
      const id = deps.newId();
      const outcome = await deps.strategies.add({ id, userId, name, source }, MAX_STRATEGIES);
      if (outcome === 'limit_reached')
        throw new ApiFailure('LIMIT_REACHED', { details: { limit: MAX_STRATEGIES } });
      if (outcome === 'name_taken') throw new ApiFailure('NAME_TAKEN');
      const stored = await deps.strategies.get(userId, id);
      if (!stored) throw new ApiFailure('NOT_FOUND');
      await deps.audit.record({ userId, action: 'strategy.created', subject: id });
      reply.code(201);
      return { success: true as const, strategy: toAnswer(stored) };
    },
  );

  app.post(
    '/api/strategies/validate',
    { config: user, schema: { body: ValidateStrategy, response: { 200: ValidationAnswer } } },
    async (request) => {
      const compiled = compileStrategy(request.body.source);
      const strategy = compiled.ok ? compiled.strategy : null;
      return {
        success: true as const,
        valid: compiled.ok,
        kind: strategy?.kind ?? null,
        ruleKey: strategy?.ruleKey ?? null,
        canonicalSource: strategy?.canonicalSource ?? null,
        problems: compiled.ok ? [] : compiled.problems,
      };
    },
  );

  app.delete(
    '/api/strategies/:id',
    { config: user, schema: { params: IdParams, body: EmptyBody, response: { 200: Done } } },
    async (request) => {
      const { userId } = callerOf(request);
      const { id } = request.params;
      if (!(await deps.strategies.remove(userId, id))) throw new ApiFailure('NOT_FOUND');
      await deps.audit.record({ userId, action: 'strategy.deleted', subject: id });
      return { success: true as const };
    },
  );
}

function toAnswer(stored: StoredStrategy): StoredStrategy & { kind: StrategyKind } {
  const compiled = compileStrategy(stored.source);
  return { ...stored, kind: compiled.ok ? compiled.strategy.kind : 'candle' };
}
