import { base58 } from '../pumpfun/address.ts';
import type { TradeEventFields } from '../solana/program-event.ts';

/** Reads the values of a program's event one after the other, for tests to look into what was sent. */
export function createEventReader(bytes: Buffer, from = 8) {
  let at = from;
  const take = (length: number) => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  const reader = {
    u8: () => take(1).readUInt8(),
    u16: () => take(2).readUInt16LE(),
    u32: () => take(4).readUInt32LE(),
    u64: () => take(8).readBigUInt64LE(),
    i64: () => take(8).readBigInt64LE(),
    key: () => base58(take(32)),
    text: () => take(reader.u32()).toString(),
    skip: (length: number) => void take(length),
    left: () => bytes.length - at,
  };
  return reader;
}

/** The bytes that `track_volume` and the volume counters take in a TradeEvent: the simulator leaves them zero. */
export const VOLUME_BYTES = { from: 225, to: 258 } as const;

export function readTradeEvent(bytes: Buffer): TradeEventFields {
  const reader = createEventReader(bytes);
  const fields = {
    mint: reader.key(),
    solAmount: reader.u64(),
    tokenAmount: reader.u64(),
    isBuy: reader.u8() === 1,
    user: reader.key(),
    timestamp: reader.i64(),
    virtualSol: reader.u64(),
    virtualTokens: reader.u64(),
    realSol: reader.u64(),
    realTokens: reader.u64(),
    feeRecipient: reader.key(),
    feeBps: reader.u64(),
    fee: reader.u64(),
    creator: reader.key(),
    creatorFeeBps: reader.u64(),
    creatorFee: reader.u64(),
  };
  reader.skip(VOLUME_BYTES.to - VOLUME_BYTES.from);
  return {
    ...fields,
    instruction: reader.text(),
    mayhem: reader.u8() === 1,
    cashbackBps: reader.u64(),
    cashback: reader.u64(),
    buybackBps: reader.u64(),
    buyback: reader.u64(),
    shareholders: Array.from({ length: reader.u32() }, () => ({ account: reader.key(), bps: reader.u16() })),
    quoteMint: reader.key(),
    quoteAmount: reader.u64(),
    virtualQuote: reader.u64(),
    realQuote: reader.u64(),
  };
}
