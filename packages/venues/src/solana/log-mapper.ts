import type { Reserves } from '@onefeed/contracts';
import { displayText, MAX_NAME_LENGTH, MAX_URI_LENGTH } from '../pumpfun/display-text.ts';
import { createKey, type KeyedEvent, migrateKey, tradeKey } from '../pumpfun/event-keys.ts';
import { isUsualCurve, MAYHEM, OTHER_CURVE, OTHER_QUOTE } from '../pumpfun/untradeable.ts';
import { errorAnswer, logsNotification, subscribedAnswer } from './log-frames.ts';
import { PUMP_PROGRAM } from './program-address.ts';
import { readProgramLog } from './program-logs.ts';
import {
  type ChainCreate,
  type ChainEvent,
  type ChainMigration,
  type ChainTrade,
  decodePumpEvent,
  SOL_QUOTES,
} from './pump-events.ts';

/**
 * A frame of the log stream. `failed`: a transaction without effect. `bad`: not of a known form, nothing of it
 * counts. Reasons are few, they label a metric.
 */
export type LogFrame =
  | {
      kind: 'events';
      slot: number;
      events: KeyedEvent[];
      /** Events of the program that say nothing of an ordinary coin's price, by why. */
      passedOver: LogPassedOver[];
      /** Why not all that the program logged could be read; null when all was. */
      incomplete: 'truncated_log' | 'broken_log' | 'bad_event' | null;
    }
  | { kind: 'subscribed'; id: number }
  | { kind: 'error'; id: number | null; text: string }
  | { kind: 'failed' }
  | { kind: 'bad'; reason: LogBadReason };

export type LogPassedOver = 'other_event' | 'other_quote' | 'complete';
export type LogBadReason = 'not_json' | 'unknown_frame' | 'wrong_shape';

/** Maps a text frame. `at` is its arrival time in ms. Never throws. */
export function mapLogFrame(text: string, at: number): LogFrame {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return { kind: 'bad', reason: 'not_json' };
  }
  if (typeof frame !== 'object' || frame === null) return { kind: 'bad', reason: 'unknown_frame' };
  if (!('method' in frame)) {
    if (subscribedAnswer.Check(frame)) return { kind: 'subscribed', id: frame.id };
    if (errorAnswer.Check(frame)) return { kind: 'error', id: frame.id, text: frame.error.message };
    return { kind: 'bad', reason: 'unknown_frame' };
  }
  if (frame.method !== 'logsNotification') return { kind: 'bad', reason: 'unknown_frame' };
  if (!logsNotification.Check(frame)) return { kind: 'bad', reason: 'wrong_shape' };
  const { context, value } = frame.params.result;
  if (value.err !== null) return { kind: 'failed' };
  return mapTransaction(context.slot, value.signature, value.logs ?? [], at);
}

function mapTransaction(slot: number, signature: string, lines: readonly string[], at: number): LogFrame {
  const log = readProgramLog(lines, PUMP_PROGRAM);
  let incomplete: (LogFrame & { kind: 'events' })['incomplete'] = null;
  if (log.truncated) incomplete = 'truncated_log';
  if (log.broken) incomplete = 'broken_log';
  const chainEvents: ChainEvent[] = [];
  const passedOver: LogPassedOver[] = [];
  for (const data of log.data) {
    const event = decodePumpEvent(Buffer.from(data, 'base64'));
    if (event === 'bad') incomplete = 'bad_event';
    else if (event === 'other') passedOver.push('other_event');
    else chainEvents.push(event);
  }
  const events: KeyedEvent[] = [];
  while (chainEvents.length > 0) {
    const event = chainEvents.shift();
    if (event?.kind === 'create') {
      const first = takeFirstBuy(event, chainEvents);
      events.push(mapCreate(event, first, signature, at));
    } else if (event?.kind === 'trade') {
      const mapped = mapTrade(event, signature, at);
      if (mapped === null) passedOver.push('other_quote');
      else events.push(mapped);
    } else if (event?.kind === 'migration') events.push(...mapMigration(event, signature, at));
    else passedOver.push('complete');
  }
  return { kind: 'events', slot, events, passedOver, incomplete };
}

/** The creator's own buy in the same transaction belongs to the creation: other sources tell both as one. */
function takeFirstBuy(create: ChainCreate, rest: ChainEvent[]): ChainTrade | null {
  const index = rest.findIndex((event) => event.kind === 'trade' && event.mint === create.mint);
  const first = rest[index];
  if (first?.kind !== 'trade' || !first.isBuy || first.user !== create.user) return null;
  rest.splice(index, 1);
  return first;
}

const reservesOf = (event: { virtualSolLamports: bigint; virtualTokenUnits: bigint }): Reserves => ({
  virtualSolLamports: String(event.virtualSolLamports),
  virtualTokenUnits: String(event.virtualTokenUnits),
});

function mapCreate(create: ChainCreate, first: ChainTrade | null, signature: string, at: number): KeyedEvent {
  return {
    dedupeKey: createKey(create.mint, signature),
    event: {
      kind: 'created',
      seq: 0,
      mint: create.mint,
      at,
      signature,
      creator: create.user,
      name: displayText(create.name, MAX_NAME_LENGTH),
      symbol: displayText(create.symbol, MAX_NAME_LENGTH),
      uri: displayText(create.uri, MAX_URI_LENGTH),
      initialTokenUnits: String(first?.tokenUnits ?? 0n),
      initialSolLamports: String(first?.solLamports ?? 0n),
      reserves: reservesOf(first ?? create),
      untradeableReason: untradeableReason(create),
    },
  };
}

function untradeableReason(create: ChainCreate): string | null {
  if (!SOL_QUOTES.has(create.quoteMint)) return OTHER_QUOTE;
  if (create.isMayhem) return MAYHEM;
  return isUsualCurve(create.virtualSolLamports, create.virtualTokenUnits) ? null : OTHER_CURVE;
}

/** Null for a coin in another quote: its amounts are not lamports. */
function mapTrade(trade: ChainTrade, signature: string, at: number): KeyedEvent | null {
  if (!SOL_QUOTES.has(trade.quoteMint)) return null;
  const event = {
    kind: 'traded',
    seq: 0,
    mint: trade.mint,
    at,
    signature,
    side: trade.isBuy ? 'buy' : 'sell',
    trader: trade.user,
    tokenUnits: String(trade.tokenUnits),
    solLamports: String(trade.solLamports),
    // Reserves of nothing price nothing: the state stays as known.
    reserves: trade.virtualSolLamports > 0n && trade.virtualTokenUnits > 0n ? reservesOf(trade) : null,
    pool: 'curve',
  } as const;
  return { event, dedupeKey: tradeKey(event) };
}

/** The pool opens with exact reserves, which other sources do not tell. */
function mapMigration(migration: ChainMigration, signature: string, at: number): KeyedEvent[] {
  const { mint, solLamports, tokenUnits } = migration;
  const dedupeKey = migrateKey(mint, signature);
  const migrated: KeyedEvent = {
    dedupeKey,
    event: { kind: 'migrated', seq: 0, mint, at, signature, pool: 'pump-amm' },
  };
  if (!SOL_QUOTES.has(migration.quoteMint) || solLamports === 0n || tokenUnits === 0n) return [migrated];
  const reserves = { virtualSolLamports: String(solLamports), virtualTokenUnits: String(tokenUnits) };
  return [
    migrated,
    {
      dedupeKey: `opened:${mint}:${signature}`,
      event: {
        kind: 'checked',
        seq: 0,
        mint,
        at,
        unconfirmedReason: null,
        untradeableReason: null,
        state: { status: 'migrated', reserves },
      },
    },
  ];
}
