import { type ByteReader, decodeBytes } from './byte-reader.ts';

/**
 * What the pump.fun program logs, as base64 after `Program data: `. Integers are lamports (1e9 per SOL) and token
 * base units (1e6 per token); reserves are those after the event. Layouts: the program's published IDL
 * (pump-fun/pump-public-docs, idl/pump.json), checked against recorded logs. The program grows by appending
 * fields, so what follows the fields known here is passed over.
 */
export interface ChainTrade {
  kind: 'trade';
  mint: string;
  solLamports: bigint;
  tokenUnits: bigint;
  isBuy: boolean;
  user: string;
  /** Block time in seconds. */
  timestamp: bigint;
  virtualSolLamports: bigint;
  virtualTokenUnits: bigint;
  realSolLamports: bigint;
  realTokenUnits: bigint;
  feeBps: bigint;
  feeLamports: bigint;
  creator: string;
  creatorFeeBps: bigint;
  creatorFeeLamports: bigint;
  /** The rest is absent in events of older programs. */
  instruction: string;
  isMayhem: boolean;
  cashbackBps: bigint;
  cashbackLamports: bigint;
  quoteMint: string;
}

export interface ChainCreate {
  kind: 'create';
  name: string;
  symbol: string;
  uri: string;
  mint: string;
  curve: string;
  user: string;
  creator: string;
  timestamp: bigint;
  virtualTokenUnits: bigint;
  virtualSolLamports: bigint;
  realTokenUnits: bigint;
  supplyUnits: bigint;
  isMayhem: boolean;
  quoteMint: string;
}

/** The curve is sold out. */
export interface ChainComplete {
  kind: 'complete';
  user: string;
  mint: string;
  curve: string;
  timestamp: bigint;
}

/** The pool is open, with these reserves. */
export interface ChainMigration {
  kind: 'migration';
  user: string;
  mint: string;
  tokenUnits: bigint;
  solLamports: bigint;
  curve: string;
  timestamp: bigint;
  pool: string;
  quoteMint: string;
}

export type ChainEvent = ChainTrade | ChainCreate | ChainComplete | ChainMigration;

/** The quote of a coin priced in SOL: the default key, or the mint of wrapped SOL. */
export const SOL_QUOTES: ReadonlySet<string> = new Set([
  '11111111111111111111111111111111',
  'So11111111111111111111111111111111111111112',
]);
const DEFAULT_QUOTE = '11111111111111111111111111111111';

/** First eight bytes of each event, hex. */
const READERS: Readonly<Record<string, (reader: ByteReader) => ChainEvent>> = {
  bddb7fd34ee661ee: readTrade,
  '1b72a94ddeeb6376': readCreate,
  '5f72619cd42e9808': readComplete,
  bde95db95c94ea94: readMigration,
};

/** `other`: an event of the program that says nothing of a price. `bad`: too short for what it claims to be. */
export function decodePumpEvent(bytes: Uint8Array): ChainEvent | 'other' | 'bad' {
  if (bytes.length < 8) return 'bad';
  const read = READERS[Buffer.from(bytes.buffer, bytes.byteOffset, 8).toString('hex')];
  return read === undefined ? 'other' : (decodeBytes(bytes, read) ?? 'bad');
}

function readTrade(reader: ByteReader): ChainTrade {
  const trade = {
    kind: 'trade' as const,
    mint: reader.key(),
    solLamports: reader.u64(),
    tokenUnits: reader.u64(),
    isBuy: reader.bool(),
    user: reader.key(),
    timestamp: reader.i64(),
    virtualSolLamports: reader.u64(),
    virtualTokenUnits: reader.u64(),
    realSolLamports: reader.u64(),
    realTokenUnits: reader.u64(),
  };
  reader.skip(32); // fee recipient
  const fees = {
    feeBps: reader.u64(),
    feeLamports: reader.u64(),
    creator: reader.key(),
    creatorFeeBps: reader.u64(),
    creatorFeeLamports: reader.u64(),
  };
  const later = {
    instruction: '',
    isMayhem: false,
    cashbackBps: 0n,
    cashbackLamports: 0n,
    quoteMint: DEFAULT_QUOTE,
  };
  if (reader.left() > 0) {
    reader.skip(33); // whether volume is tracked, and its totals
    later.instruction = reader.text();
  }
  if (reader.left() > 0) later.isMayhem = reader.bool();
  if (reader.left() > 0) {
    later.cashbackBps = reader.u64();
    later.cashbackLamports = reader.u64();
  }
  if (reader.left() > 0) {
    reader.skip(16); // buyback: basis points and amount
    reader.skip(reader.u32() * 34); // who shares the creator's fee: a key and a u16 each
  }
  if (reader.left() > 0) later.quoteMint = reader.key();
  return { ...trade, ...fees, ...later };
}

function readCreate(reader: ByteReader): ChainCreate {
  const event: ChainCreate = {
    kind: 'create',
    name: reader.text(),
    symbol: reader.text(),
    uri: reader.text(),
    mint: reader.key(),
    curve: reader.key(),
    user: reader.key(),
    creator: reader.key(),
    timestamp: reader.i64(),
    virtualTokenUnits: reader.u64(),
    virtualSolLamports: reader.u64(),
    realTokenUnits: reader.u64(),
    supplyUnits: reader.u64(),
    isMayhem: false,
    quoteMint: DEFAULT_QUOTE,
  };
  if (reader.left() > 0) reader.skip(32); // the token program
  if (reader.left() > 0) event.isMayhem = reader.bool();
  if (reader.left() > 0) reader.skip(1); // a cashback coin
  if (reader.left() > 0) event.quoteMint = reader.key();
  return event;
}

function readComplete(reader: ByteReader): ChainComplete {
  const [user, mint, curve, timestamp] = [reader.key(), reader.key(), reader.key(), reader.i64()];
  return { kind: 'complete', user, mint, curve, timestamp };
}

function readMigration(reader: ByteReader): ChainMigration {
  const [user, mint, tokenUnits, solLamports] = [reader.key(), reader.key(), reader.u64(), reader.u64()];
  reader.skip(8); // the migration's fee
  const [curve, timestamp, pool] = [reader.key(), reader.i64(), reader.key()];
  const quoteMint = reader.left() > 0 ? reader.key() : DEFAULT_QUOTE;
  return { kind: 'migration', user, mint, tokenUnits, solLamports, curve, timestamp, pool, quoteMint };
}
