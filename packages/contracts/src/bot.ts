import { type Static, Type } from 'typebox';
import { ExitPlan } from './exit-plan.ts';
import { Decimal, NonNegativeDecimal, TimeMs, Uuid } from './scalars.ts';
import { InstrumentName, Venue } from './venue.ts';

const closed = { additionalProperties: false };

export const BotMode = Type.Union([Type.Literal('paper'), Type.Literal('live')]);
export type BotMode = Static<typeof BotMode>;

/** Money put in per entry, in the venue's quote asset (USDT, SOL). */
export const Stake = Type.Union([
  Type.Object({ type: Type.Literal('fixed'), amount: NonNegativeDecimal }, closed),
  Type.Object(
    { type: Type.Literal('percent'), percent: Type.Number({ exclusiveMinimum: 0, maximum: 100 }) },
    closed,
  ),
]);
export type Stake = Static<typeof Stake>;

export const RiskLevel = Type.Union([Type.Literal('LOW'), Type.Literal('MEDIUM'), Type.Literal('HIGH')]);
export type RiskLevel = Static<typeof RiskLevel>;

export const RiskSettings = Type.Object(
  {
    maxOpenPositions: Type.Integer({ minimum: 1, maximum: 100 }),
    /** Entries stop for the UTC day once this much of the quote asset is lost; absent: no limit. */
    dailyLossLimit: Type.Optional(NonNegativeDecimal),
    /** Seconds after a position closes before the same instrument may be entered again. */
    cooldownSeconds: Type.Integer({ minimum: 0, maximum: 86_400 }),
  },
  closed,
);
export type RiskSettings = Static<typeof RiskSettings>;

export const DesiredState = Type.Union([Type.Literal('running'), Type.Literal('stopped')]);
export type DesiredState = Static<typeof DesiredState>;

/** Shards of bots. The same for the whole life of a database: a bot keeps the shard it was created in. */
export const BOT_SHARDS = 8;

/** A bot as its owner sees it. Never contains another user's data. */
export const Bot = Type.Object({
  id: Uuid,
  name: Type.String(),
  venue: Venue,
  /** Empty on pumpfun: token strategies look at every token. */
  instruments: Type.Array(InstrumentName),
  /** Name of the built-in or own strategy, or "custom". */
  strategyName: Type.String(),
  /** The strategy's text as the engine runs it. */
  strategySource: Type.String(),
  ruleKey: Type.String(),
  mode: BotMode,
  stake: Stake,
  exitPlan: ExitPlan,
  risk: RiskSettings,
  state: DesiredState,
  /** Paper money left and put in at the start, in the quote asset. */
  cash: Decimal,
  initialCash: NonNegativeDecimal,
  signalsReceived: Type.Integer({ minimum: 0 }),
  startedAt: Type.Union([TimeMs, Type.Null()]),
  createdAt: TimeMs,
});
export type Bot = Static<typeof Bot>;
