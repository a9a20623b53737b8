import { type Static, Type } from 'typebox';
import { NonNegativeDecimal, TimeMs } from './scalars.ts';
import { InstrumentName } from './venue.ts';

/** Integer base units as text: lamports (1e9 per SOL) or token base units (1e6 per token). */
export const BaseUnits = Type.String({ pattern: '^\\d{1,30}$' });

/** Reserves of the bonding curve (or, after migration, of the pool) after an event. */
export const Reserves = Type.Object({
  virtualSolLamports: BaseUnits,
  virtualTokenUnits: BaseUnits,
});
export type Reserves = Static<typeof Reserves>;

const common = {
  /** Commit-ordered position in the venue's event log; 0 before it is stored. */
  seq: Type.Integer({ minimum: 0 }),
  mint: InstrumentName,
  /** Arrival time: the venue sends no timestamps. */
  at: TimeMs,
  signature: Type.String({ minLength: 1, maxLength: 128 }),
};

export const TokenCreated = Type.Object({
  kind: Type.Literal('created'),
  ...common,
  creator: Type.String(),
  name: Type.String(),
  symbol: Type.String(),
  uri: Type.String(),
  /** The creator's own first buy: token base units and lamports on the curve, fees excluded. */
  initialTokenUnits: BaseUnits,
  initialSolLamports: BaseUnits,
  reserves: Reserves,
  /** Why no bot may buy it (mayhem, another quote asset, ...); null when it may. */
  untradeableReason: Type.Union([Type.String(), Type.Null()]),
});
export type TokenCreated = Static<typeof TokenCreated>;

export const TokenTraded = Type.Object({
  kind: Type.Literal('traded'),
  ...common,
  side: Type.Union([Type.Literal('buy'), Type.Literal('sell')]),
  trader: Type.String(),
  tokenUnits: BaseUnits,
  solLamports: BaseUnits,
  /**
   * Null in the venue's reduced form after graduation, and in a trade that came later than a newer one: the state
   * stays as known.
   */
  reserves: Type.Union([Reserves, Type.Null()]),
  pool: Type.Union([Type.Literal('curve'), Type.Literal('amm')]),
});
export type TokenTraded = Static<typeof TokenTraded>;

export const TokenMigrated = Type.Object({ kind: Type.Literal('migrated'), ...common, pool: Type.String() });
export type TokenMigrated = Static<typeof TokenMigrated>;

export const TokenStatus = Type.Union([
  Type.Literal('curve'),
  Type.Literal('complete'),
  Type.Literal('migrated'),
]);
export type TokenStatus = Static<typeof TokenStatus>;

/**
 * What the gateway found out about a token's known state, other than by its trades: that some were missed, or what
 * the chain itself says.
 */
export const TokenChecked = Type.Object({
  kind: Type.Literal('checked'),
  seq: common.seq,
  mint: common.mint,
  at: common.at,
  /** Why the state is not to be relied on, so that no bot may enter; null: it is confirmed. */
  unconfirmedReason: Type.Union([Type.String(), Type.Null()]),
  /** Why no bot may buy it from now on; null: nothing new is known about that. */
  untradeableReason: Type.Union([Type.String(), Type.Null()]),
  /** The state as it really is; null: as known. */
  state: Type.Union([Type.Object({ status: TokenStatus, reserves: Reserves }), Type.Null()]),
});
export type TokenChecked = Static<typeof TokenChecked>;

/** What happened to a pump.fun token, in the order the gateway stored it. */
export const TokenEvent = Type.Union([TokenCreated, TokenTraded, TokenMigrated, TokenChecked]);
export type TokenEvent = Static<typeof TokenEvent>;

/** A token as stored and shown. */
export const Token = Type.Object({
  mint: InstrumentName,
  name: Type.String(),
  symbol: Type.String(),
  uri: Type.String(),
  creator: Type.String(),
  createdAt: TimeMs,
  status: TokenStatus,
  reserves: Reserves,
  /** SOL per whole token. */
  price: NonNegativeDecimal,
  marketCapSol: NonNegativeDecimal,
  untradeableReason: Type.Union([Type.String(), Type.Null()]),
  /** 0..1, null until scored. */
  aiScore: Type.Union([Type.Number(), Type.Null()]),
});
export type Token = Static<typeof Token>;
