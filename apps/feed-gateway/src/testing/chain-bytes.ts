import type { BondingCurve, CurveTrade } from '@onefeed/domain';
import { base58 } from '@onefeed/venues';

/** Bytes as pump.fun's program writes them; layouts in packages/venues/src/solana. */
const u64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
};
const text = (value: string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Buffer.byteLength(value));
  return Buffer.concat([length, Buffer.from(value)]);
};
const key = (fill: number): Buffer => Buffer.alloc(32, fill);
const flag = (value: boolean): Buffer => Buffer.of(value ? 1 : 0);
const hex = (value: string): Buffer => Buffer.from(value, 'hex');

/** The address of the key whose bytes all are `fill`; 0 stands for SOL as a quote. */
export const addressOf = (fill: number): string => base58(key(fill));

export interface CoinFacts {
  mint: number;
  creator: number;
  quote?: number;
}

export const createEvent = ({ mint, creator, quote = 0 }: CoinFacts, name: string): Buffer =>
  Buffer.concat([
    hex('1b72a94ddeeb6376'),
    ...[text(name), text(name.toUpperCase()), text('')],
    ...[key(mint), key(99), key(creator), key(creator), u64(1n)],
    ...[
      u64(1_073_000_000_000_000n),
      u64(30_000_000_000n),
      u64(793_100_000_000_000n),
      u64(1_000_000_000_000_000n),
    ],
    ...[key(98), flag(false), flag(false), key(quote)],
  ]);

/** A buy that leaves `after`. */
export const buyEvent = (
  { mint, creator }: CoinFacts,
  trader: number,
  trade: CurveTrade,
  after: BondingCurve,
): Buffer =>
  Buffer.concat([
    hex('bddb7fd34ee661ee'),
    ...[key(mint), u64(trade.solLamports), u64(trade.tokenUnits), flag(true), key(trader), u64(1n)],
    ...[u64(after.virtualSolLamports), u64(after.virtualTokenUnits), u64(0n), u64(0n)],
    ...[key(97), u64(95n), u64(trade.protocolFeeLamports)],
    ...[key(creator), u64(30n), u64(trade.creatorFeeLamports)],
  ]);

export const curveAccount = (curve: BondingCurve): Buffer =>
  Buffer.concat([
    hex('17b7f83760d8ac60'),
    ...[u64(curve.virtualTokenUnits), u64(curve.virtualSolLamports), u64(0n), u64(0n)],
    ...[u64(1_000_000_000_000_000n), flag(false), key(2), flag(false), flag(false), key(0)],
  ]);
