import { type Static, Type } from 'typebox';
import { BotMode, DesiredState } from '../bot.ts';
import { TimeMs, Uuid } from '../scalars.ts';
import { ServiceStatus } from '../service-status.ts';
import { Timeframe } from '../timeframe.ts';
import { InstrumentName, Venue } from '../venue.ts';
import { User } from './auth.ts';

const ok = Type.Literal(true);
const nextCursor = Type.Union([Type.String(), Type.Null()]);

/** The platform's kill switch: `entries` refuses new positions, `everything` also stops exits. */
export const KillSwitch = Type.Object(
  { entries: Type.Boolean(), everything: Type.Boolean() },
  { additionalProperties: false },
);
export type KillSwitch = Static<typeof KillSwitch>;
export const KillSwitchAnswer = Type.Object({ success: ok, killSwitch: KillSwitch });

/** A process as an operator sees it. `silent` when it has not spoken for 10 s. */
export const ServiceView = Type.Object({ ...ServiceStatus.properties, silent: Type.Boolean() });
export type ServiceView = Static<typeof ServiceView>;

/** What `/admin` shows and the `admin` socket channel sends every two seconds. */
export const AdminOverview = Type.Object({
  at: TimeMs,
  activeBots: Type.Integer(),
  maxCapacity: Type.Integer(),
  users: Type.Integer(),
  openPositions: Type.Integer(),
  completedTrades: Type.Integer(),
  signals: Type.Integer(),
  sockets: Type.Integer(),
  subscriptions: Type.Integer(),
  killSwitch: KillSwitch,
  services: Type.Array(ServiceView),
});
export type AdminOverview = Static<typeof AdminOverview>;

/** Any user's bot, as an operator sees it: no stake, no money, no strategy text. */
export const AdminBot = Type.Object({
  id: Uuid,
  userId: Uuid,
  email: Type.String(),
  name: Type.String(),
  venue: Venue,
  strategyName: Type.String(),
  mode: BotMode,
  state: DesiredState,
  shard: Type.Integer(),
  signalsReceived: Type.Integer(),
  startedAt: Type.Union([TimeMs, Type.Null()]),
  createdAt: TimeMs,
});
export type AdminBot = Static<typeof AdminBot>;
export const AdminBotsAnswer = Type.Object({ success: ok, bots: Type.Array(AdminBot), nextCursor });
export type AdminBotsAnswer = Static<typeof AdminBotsAnswer>;

export const AdminFeedsAnswer = Type.Object({
  success: ok,
  services: Type.Array(ServiceView),
  /** Streams somebody wants, and how many processes want each. */
  demand: Type.Array(
    Type.Object({ venue: Venue, instrument: InstrumentName, timeframe: Timeframe, holders: Type.Integer() }),
  ),
});
export type AdminFeedsAnswer = Static<typeof AdminFeedsAnswer>;

export const AdminEngineAnswer = Type.Object({
  success: ok,
  services: Type.Array(ServiceView),
  /** Distinct rules of running bots, the most shared first. */
  rules: Type.Array(
    Type.Object({ ruleKey: Type.String(), strategyName: Type.String(), venue: Venue, bots: Type.Integer() }),
  ),
});
export type AdminEngineAnswer = Static<typeof AdminEngineAnswer>;

export const AdminUser = Type.Object({ ...User.properties, bots: Type.Integer(), createdAt: TimeMs });
export type AdminUser = Static<typeof AdminUser>;
export const AdminUsersAnswer = Type.Object({ success: ok, users: Type.Array(AdminUser), nextCursor });
export type AdminUsersAnswer = Static<typeof AdminUsersAnswer>;

export const AuditEntry = Type.Object({
  id: Uuid,
  userId: Type.Union([Uuid, Type.Null()]),
  action: Type.String(),
  subject: Type.Union([Type.String(), Type.Null()]),
  detail: Type.Unknown(),
  at: TimeMs,
});
export type AuditEntry = Static<typeof AuditEntry>;
export const AuditAnswer = Type.Object({ success: ok, entries: Type.Array(AuditEntry), nextCursor });
export type AuditAnswer = Static<typeof AuditAnswer>;
