import type { BondingCurve } from '@onefeed/domain';

/** What one token is on the chain; the truth that PumpPortal's frames sometimes get wrong. */
export interface ChainToken {
  mint: string;
  /** The true address of its curve. */
  curveAddress: string;
  creator: string;
  name: string;
  symbol: string;
  uri: string;
  mayhem: boolean;
  /** The creator's fee goes back to the traders instead. */
  cashback: boolean;
  /** Undefined for SOL. */
  quoteMint: string | undefined;
  /** Quote the curve started with, in its smallest units. */
  initialQuote: bigint;
}

export interface ChainTrade {
  type: 'trade';
  trader: string;
  side: 'buy' | 'sell';
  tokenUnits: bigint;
  solLamports: bigint;
  /** After the trade. */
  curve: BondingCurve;
}

/** What the pump.fun program logs. */
export type ChainEvent =
  | { type: 'create'; curve: BondingCurve }
  | ChainTrade
  | { type: 'complete'; trader: string }
  | { type: 'migrate'; solLamports: bigint; tokenUnits: bigint };

/** The part of one transaction that concerns one token. */
export interface ChainFacts {
  token: ChainToken;
  events: readonly ChainEvent[];
  /** Another trade of the same transaction follows at once. */
  continues: boolean;
}
