import { type Static, Type } from 'typebox';
import { TimeMs, Uuid } from '../scalars.ts';
import { MAX_STRATEGY_LENGTH } from './bots.ts';

export const StrategyKind = Type.Union([Type.Literal('candle'), Type.Literal('token')]);
export type StrategyKind = Static<typeof StrategyKind>;

const Source = Type.String({ minLength: 1, maxLength: MAX_STRATEGY_LENGTH });

/** `POST /api/strategies`. Names are unique per user. */
export const CreateStrategy = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 80 }), source: Source },
  { additionalProperties: false },
);
export type CreateStrategy = Static<typeof CreateStrategy>;

export const ValidateStrategy = Type.Object({ source: Source }, { additionalProperties: false });
export type ValidateStrategy = Static<typeof ValidateStrategy>;

/** A user's own stored strategy. */
export const Strategy = Type.Object({
  id: Uuid,
  name: Type.String(),
  kind: StrategyKind,
  source: Type.String(),
  createdAt: TimeMs,
});
export type Strategy = Static<typeof Strategy>;

/** Where a strategy's text is wrong; line and column count from 1. */
export const StrategyProblem = Type.Object({
  line: Type.Integer({ minimum: 1 }),
  column: Type.Integer({ minimum: 1 }),
  message: Type.String(),
  hint: Type.Optional(Type.String()),
});
export type StrategyProblem = Static<typeof StrategyProblem>;

const ok = Type.Literal(true);
const nextCursor = Type.Union([Type.String(), Type.Null()]);

export const StrategyAnswer = Type.Object({ success: ok, strategy: Strategy });
export type StrategyAnswer = Static<typeof StrategyAnswer>;
export const StrategiesAnswer = Type.Object({ success: ok, strategies: Type.Array(Strategy), nextCursor });
export type StrategiesAnswer = Static<typeof StrategiesAnswer>;
/** `kind`, `ruleKey` and `canonicalSource` are null when the text does not compile. */
export const ValidationAnswer = Type.Object({
  success: ok,
  valid: Type.Boolean(),
  kind: Type.Union([StrategyKind, Type.Null()]),
  ruleKey: Type.Union([Type.String(), Type.Null()]),
  canonicalSource: Type.Union([Type.String(), Type.Null()]),
  problems: Type.Array(StrategyProblem),
});
export type ValidationAnswer = Static<typeof ValidationAnswer>;
