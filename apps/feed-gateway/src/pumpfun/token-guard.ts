import type { Reserves, TokenChecked, TokenEvent, TokenTraded } from '@onefeed/contracts';
import type { StoredTokenMarket } from '@onefeed/db';
import { createReservesChain, type ReservesChain } from '@onefeed/domain';
import {
  type CurveAccount,
  isUsualCurve,
  type KeyedEvent,
  MAYHEM,
  OTHER_CURVE,
  OTHER_QUOTE,
  SOL_QUOTES,
} from '@onefeed/venues';

export const TRADES_MISSED = 'trades of it were missed';
export const FEED_INTERRUPTED = 'the feed was interrupted';
export const OTHER_STATE = 'the chain has another state';
export const MIGRATED_UNSEEN = 'it migrated unseen: the state of its pool is not known';

/** Where no chain can be asked: so many trades in a row show that they come again. */
const TRADES_TO_TRUST = 5;
/** The state is read this long after it came into doubt, then after growing pauses. */
const FIRST_READ_MS = 300;
const SETTLE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;
/**
 * A token that is quiet this long is looked up too, then after growing pauses: nothing follows on its last trade that
 * would show that trade missing. A creation is told some seconds before a node knows its account.
 */
const QUIET_MS = 5_000;
const MAX_QUIET_PAUSE_MS = 60_000;

export interface TokenGuardDeps {
  /** Whether the chain can be asked now. */
  canRead: () => boolean;
  /** The creation's reserves are exact and its trades are followed from then on. */
  exactCreations: boolean;
  onBreak(): void;
  onConfirmed(by: 'chain' | 'trades'): void;
}

interface Guarded {
  chain: ReservesChain;
  /** Migrated: its curve tells nothing any more. */
  isPool: boolean;
  unconfirmed: string | null;
  /** Token reserves after its creation, where trades between it and the subscription may be missing. */
  bornUnits: bigint | null;
  /** Trades in a row since it came into doubt. */
  linked: number;
  reads: number;
  readAt: number;
}

/**
 * Watches over what is known of the followed tokens. In doubt it says so in the stream of events itself, so that
 * every reader stops to enter at the same event, and goes on at the same one when the state is confirmed. Bounded
 * by the tokens followed.
 */
export interface TokenGuard {
  /** The tokens followed from now on: others are forgotten. */
  follow(mints: Iterable<string>): void;
  /** Tokens known before this term, as stored: each is in doubt. */
  resume(tokens: readonly StoredTokenMarket[], at: number): KeyedEvent[];
  /** What to store for an event, in this order. */
  see(keyed: KeyedEvent): KeyedEvent[];
  /** Nothing was heard for a while: every token is in doubt. */
  interrupted(at: number): KeyedEvent[];
  /** Tokens whose account is to be read now, at most `limit`; those in doubt first, if there is a stream to confirm. */
  due(at: number, limit: number, isFollowing: boolean): string[];
  /** What the chain says; null when it has no such account. */
  told(mint: string, account: CurveAccount | null, at: number): KeyedEvent[];
  unconfirmed(): number;
}

export function createTokenGuard(deps: TokenGuardDeps): TokenGuard {
  const tokens = new Map<string, Guarded>();
  let followed = new Set<string>();
  let checks = 0;

  function track(mint: string, reserves: Reserves | null): Guarded {
    const start = reserves === null ? null : curveReserves(reserves);
    const token: Guarded = {
      chain: createReservesChain(start),
      isPool: false,
      unconfirmed: null,
      bornUnits: null,
      linked: 0,
      reads: 0,
      readAt: 0,
    };
    tokens.set(mint, token);
    return token;
  }

  function check(mint: string, at: number, found: Partial<TokenChecked>): KeyedEvent {
    checks += 1;
    return {
      dedupeKey: `checked:${mint}:${at}:${checks}`,
      event: {
        kind: 'checked',
        seq: 0,
        mint,
        at,
        unconfirmedReason: tokens.get(mint)?.unconfirmed ?? null,
        untradeableReason: null,
        state: null,
        ...found,
      },
    };
  }

  function doubt(mint: string, token: Guarded, reason: string, at: number): KeyedEvent[] {
    token.linked = 0;
    if (token.unconfirmed !== null) return [];
    token.unconfirmed = reason;
    token.reads = 0;
    token.readAt = at + FIRST_READ_MS;
    return [check(mint, at, {})];
  }

  function confirm(
    mint: string,
    token: Guarded,
    at: number,
    by: 'chain' | 'trades',
    state: TokenChecked['state'] = null,
  ): KeyedEvent[] {
    if (token.unconfirmed === null && state === null) return [];
    if (token.unconfirmed !== null) deps.onConfirmed(by);
    token.unconfirmed = null;
    return [check(mint, at, { state })];
  }

  /** A token that cannot be priced is of no more interest. */
  function giveUp(mint: string, at: number, untradeableReason: string): KeyedEvent[] {
    tokens.delete(mint);
    return [check(mint, at, { untradeableReason })];
  }

  function seeCurveTrade(
    keyed: KeyedEvent,
    trade: TokenTraded,
    reserves: Reserves,
    token: Guarded,
  ): KeyedEvent[] {
    const { mint, at } = trade;
    const after = curveReserves(reserves);
    if (!isUsualCurve(after.solLamports, after.tokenUnits)) return [keyed, ...giveUp(mint, at, OTHER_CURVE)];
    const step = token.chain.see(trade, after);
    if (token.unconfirmed === null) {
      token.reads = 0;
      token.readAt = at + QUIET_MS;
    }
    if (step === 'odd') return [keyed, ...giveUp(mint, at, OTHER_CURVE)];
    const isNewest = token.chain.tail()?.tokenUnits === after.tokenUnits;
    // Of a late trade the amounts count, its reserves are history.
    const told = isNewest ? keyed : { ...keyed, event: { ...trade, reserves: null } };
    if (step === 'broken') {
      deps.onBreak();
      return [told, ...doubt(mint, token, TRADES_MISSED, at)];
    }
    if (step === 'linked' || step === 'first') token.linked += 1;
    if (token.unconfirmed === null) return [told];
    const trusted = !deps.canRead() && token.linked >= TRADES_TO_TRUST;
    if (trusted) token.chain.giveUpGaps();
    // A trade that follows on what was known before the doubt shows that nothing was missed.
    const proven = step !== 'first' && !token.chain.isBroken();
    return proven || trusted ? [told, ...confirm(mint, token, at, 'trades')] : [told];
  }

  function see(keyed: KeyedEvent): KeyedEvent[] {
    const { event } = keyed;
    if (event.kind === 'created') {
      if (event.untradeableReason !== null) return [keyed];
      const token = track(event.mint, deps.exactCreations ? event.reserves : null);
      token.bornUnits = BigInt(event.reserves.virtualTokenUnits);
      token.readAt = event.at + QUIET_MS;
      return [keyed];
    }
    const token = tokens.get(event.mint) ?? (followed.has(event.mint) ? track(event.mint, null) : null);
    if (token === null) return [keyed];
    switch (event.kind) {
      case 'migrated':
        token.isPool = true;
        return [keyed];
      case 'checked':
        if (event.untradeableReason !== null) tokens.delete(event.mint);
        token.unconfirmed = event.unconfirmedReason;
        return [keyed];
      case 'traded': {
        if (event.pool === 'curve') {
          // Of a late trade the amounts count, its reserves are history: the pool has its own.
          if (token.isPool) return [{ ...keyed, event: { ...event, reserves: null } }];
          return event.reserves === null ? [keyed] : seeCurveTrade(keyed, event, event.reserves, token);
        }
        token.isPool = true;
        // A pool's reserves are told whole: with them it is known again.
        return event.reserves === null ? [keyed] : [keyed, ...confirm(event.mint, token, event.at, 'trades')];
      }
    }
  }

  function told(mint: string, account: CurveAccount | null, at: number): KeyedEvent[] {
    const token = tokens.get(mint);
    if (token === undefined || token.isPool) return [];
    const [pause, most] =
      token.unconfirmed === null ? [QUIET_MS, MAX_QUIET_PAUSE_MS] : [SETTLE_MS, MAX_PAUSE_MS];
    token.readAt = at + Math.min(most, pause * 2 ** Math.min(token.reads, 5));
    token.reads += 1;
    if (account === null) return [];
    const reason = untradeableReason(account);
    if (reason !== null) return giveUp(mint, at, reason);
    if (account.isComplete && account.virtualTokenUnits === 0n) return migratedUnseen(mint, token, at);
    const real = { solLamports: account.virtualSolLamports, tokenUnits: account.virtualTokenUnits };
    // Nothing but its creation is known, and nothing has happened since.
    if (token.chain.tail() === null && token.bornUnits === real.tokenUnits) {
      return confirm(mint, token, at, 'chain');
    }
    const outcome = token.chain.read(real);
    if (outcome === 'unsettled') {
      const events = doubt(mint, token, OTHER_STATE, at);
      token.readAt = at + SETTLE_MS;
      return events;
    }
    const reserves = {
      virtualSolLamports: String(real.solLamports),
      virtualTokenUnits: String(real.tokenUnits),
    };
    const state = { status: account.isComplete ? 'complete' : 'curve', reserves } as const;
    return confirm(mint, token, at, 'chain', outcome === 'adopted' ? state : null);
  }

  function migratedUnseen(mint: string, token: Guarded, at: number): KeyedEvent[] {
    token.isPool = true;
    token.unconfirmed = MIGRATED_UNSEEN;
    const event: TokenEvent = { kind: 'migrated', seq: 0, mint, at, signature: 'unseen', pool: 'pump-amm' };
    return [{ dedupeKey: `migrate:${mint}:unseen`, event }, check(mint, at, {})];
  }

  return {
    follow(mints) {
      followed = new Set(mints);
      for (const mint of tokens.keys()) if (!followed.has(mint)) tokens.delete(mint);
    },
    resume(stored, at) {
      return stored.flatMap((row) => {
        if (row.untradeableReason !== null || tokens.has(row.mint)) return [];
        followed.add(row.mint);
        const isPool = row.status === 'migrated';
        const token = track(row.mint, isPool ? null : row.reserves);
        token.isPool = isPool;
        const events = doubt(row.mint, token, row.unconfirmedReason ?? FEED_INTERRUPTED, at);
        return row.unconfirmedReason === null ? events : [];
      });
    },
    see,
    interrupted: (at) => [...tokens].flatMap(([mint, token]) => doubt(mint, token, FEED_INTERRUPTED, at)),
    due(at, limit, isFollowing) {
      const inDoubt: string[] = [];
      const quiet: string[] = [];
      for (const [mint, token] of tokens) {
        if (token.isPool || token.readAt > at) continue;
        // Without a stream of its trades what is read now is old a moment later: the doubt stays.
        if (token.unconfirmed !== null) {
          if (isFollowing) inDoubt.push(mint);
        } else quiet.push(mint);
      }
      return [...inDoubt, ...quiet].slice(0, limit);
    },
    told,
    unconfirmed() {
      let count = 0;
      for (const token of tokens.values()) if (token.unconfirmed !== null) count += 1;
      return count;
    },
  };
}

const curveReserves = (reserves: Reserves) => ({
  solLamports: BigInt(reserves.virtualSolLamports),
  tokenUnits: BigInt(reserves.virtualTokenUnits),
});

function untradeableReason(account: CurveAccount): string | null {
  if (!SOL_QUOTES.has(account.quoteMint)) return OTHER_QUOTE;
  if (account.isMayhem) return MAYHEM;
  // A migrated curve has no reserves left to tell.
  if (account.isComplete && account.virtualTokenUnits === 0n) return null;
  return isUsualCurve(account.virtualSolLamports, account.virtualTokenUnits) ? null : OTHER_CURVE;
}
