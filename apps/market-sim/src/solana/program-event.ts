import { createHash } from 'node:crypto';
import {
  type BondingCurve,
  CURVE_FEES,
  feeOf,
  POOL_MIGRATION_FEE_LAMPORTS,
  realTokenUnits,
  TOTAL_SUPPLY_UNITS,
} from '@onefeed/domain';
import type { ChainEvent, ChainToken, ChainTrade } from '../pumpfun/chain-event.ts';
import { createBorshWriter } from './borsh-writer.ts';

export const PUMP_PROGRAM = '6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P';
export const NO_KEY = '11111111111111111111111111111111';
const TOKEN_2022_PROGRAM = 'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb';
const FEE_RECIPIENT = 'CebN5WGQ4jvEPvsVU4EoHEpgzq1VV7AbicfhtW4xC9iM';
const BUYBACK_BPS = 5_000n;

/** The first 8 bytes of SHA-256 of the event's name: how Anchor tells its events apart. */
const discriminator = (name: string): Buffer =>
  createHash('sha256').update(`event:${name}`).digest().subarray(0, 8);

const TRADE = discriminator('TradeEvent');
const CREATE = discriminator('CreateEvent');
const COMPLETE = discriminator('CompleteEvent');
const MIGRATION = discriminator('CompletePumpAmmMigrationEvent');

/** Everything a TradeEvent tells; amounts in lamports and base units, reserves after the trade. */
export interface TradeEventFields {
  mint: string;
  solAmount: bigint;
  tokenAmount: bigint;
  isBuy: boolean;
  user: string;
  /** Unix seconds of the block. */
  timestamp: bigint;
  virtualSol: bigint;
  virtualTokens: bigint;
  realSol: bigint;
  realTokens: bigint;
  feeRecipient: string;
  feeBps: bigint;
  fee: bigint;
  creator: string;
  creatorFeeBps: bigint;
  creatorFee: bigint;
  instruction: string;
  mayhem: boolean;
  cashbackBps: bigint;
  cashback: bigint;
  buybackBps: bigint;
  buyback: bigint;
  /** Who shares the creator's fee. */
  shareholders: readonly { account: string; bps: number }[];
  quoteMint: string;
  quoteAmount: bigint;
  virtualQuote: bigint;
  realQuote: bigint;
}

/** Layout: ../shared/protocols/pumpportal.md section 3, checked against every recorded event. */
export function encodeTradeEvent(event: TradeEventFields): Buffer {
  const writer = createBorshWriter(TRADE)
    .key(event.mint)
    .u64(event.solAmount)
    .u64(event.tokenAmount)
    .u8(event.isBuy)
    .key(event.user)
    .i64(event.timestamp)
    .u64(event.virtualSol)
    .u64(event.virtualTokens)
    .u64(event.realSol)
    .u64(event.realTokens)
    .key(event.feeRecipient)
    .u64(event.feeBps)
    .u64(event.fee)
    .key(event.creator)
    .u64(event.creatorFeeBps)
    .u64(event.creatorFee)
    // track_volume, the three volume counters and the time of their last change.
    .u8(false)
    .zeros(32)
    .text(event.instruction)
    .u8(event.mayhem)
    .u64(event.cashbackBps)
    .u64(event.cashback)
    .u64(event.buybackBps)
    .u64(event.buyback)
    .u32(event.shareholders.length);
  for (const { account, bps } of event.shareholders) writer.key(account).u16(bps);
  return writer
    .key(event.quoteMint)
    .u64(event.quoteAmount)
    .u64(event.virtualQuote)
    .u64(event.realQuote)
    .bytes();
}

/** The bytes behind `Program data:` for one event. `at` is token time in ms. */
export function encodeChainEvent(token: ChainToken, event: ChainEvent, at: number): Buffer {
  const timestamp = BigInt(Math.floor(at / 1_000));
  switch (event.type) {
    case 'trade':
      return encodeTradeEvent(tradeFields(token, event, timestamp));
    case 'create':
      return createBorshWriter(CREATE)
        .text(token.name)
        .text(token.symbol)
        .text(token.uri)
        .key(token.mint)
        .key(token.curveAddress)
        .key(token.creator)
        .key(token.creator)
        .i64(timestamp)
        .u64(event.curve.virtualTokenUnits)
        .u64(token.quoteMint ? 0n : event.curve.virtualSolLamports)
        .u64(realTokenUnits(event.curve))
        .u64(TOTAL_SUPPLY_UNITS)
        .key(TOKEN_2022_PROGRAM)
        .u8(token.mayhem)
        .u8(token.cashback)
        .key(token.quoteMint ?? NO_KEY)
        .u64(event.curve.virtualSolLamports)
        .bytes();
    case 'complete':
      return createBorshWriter(COMPLETE)
        .key(event.trader)
        .key(token.mint)
        .key(token.curveAddress)
        .i64(timestamp)
        .bytes();
    case 'migrate':
      return createBorshWriter(MIGRATION)
        .key(token.creator)
        .key(token.mint)
        .u64(event.tokenUnits)
        .u64(event.solLamports)
        .u64(POOL_MIGRATION_FEE_LAMPORTS)
        .key(token.curveAddress)
        .i64(timestamp)
        .key(token.curveAddress)
        .bytes();
  }
}

/** Quote that traders have put in beyond what the curve pretends to have had at its start. */
export function realQuote(token: ChainToken, curve: BondingCurve): bigint {
  const lamports = curve.virtualSolLamports - token.initialQuote;
  return lamports > 0n ? lamports : 0n;
}

function tradeFields(token: ChainToken, trade: ChainTrade, timestamp: bigint): TradeEventFields {
  const { solLamports, curve } = trade;
  const { protocolBps, creatorBps } = CURVE_FEES;
  const fee = feeOf(solLamports, protocolBps);
  const rest = feeOf(solLamports, creatorBps);
  const realSol = realQuote(token, curve);
  return {
    mint: token.mint,
    solAmount: solLamports,
    tokenAmount: trade.tokenUnits,
    isBuy: trade.side === 'buy',
    user: trade.trader,
    timestamp,
    virtualSol: curve.virtualSolLamports,
    virtualTokens: curve.virtualTokenUnits,
    realSol,
    realTokens: realTokenUnits(curve),
    feeRecipient: FEE_RECIPIENT,
    feeBps: protocolBps,
    fee,
    creator: token.creator,
    creatorFeeBps: token.cashback ? 0n : creatorBps,
    creatorFee: token.cashback ? 0n : rest,
    instruction: trade.side,
    mayhem: token.mayhem,
    cashbackBps: token.cashback ? creatorBps : 0n,
    cashback: token.cashback ? rest : 0n,
    buybackBps: BUYBACK_BPS,
    buyback: (fee * BUYBACK_BPS) / 10_000n,
    shareholders: [],
    quoteMint: token.quoteMint ?? NO_KEY,
    quoteAmount: solLamports,
    virtualQuote: curve.virtualSolLamports,
    realQuote: realSol,
  };
}
