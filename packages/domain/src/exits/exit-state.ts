import { type Amount, formatAmount, parseAmount } from '../money/amount.ts';

/** What one position's exits remember between prices. Immutable. */
export interface ExitState {
  /** Highest price since entry. */
  readonly high: Amount;
  /** Legs carried out (or carried over to the last one for being too small): each at most once (I4). */
  readonly done: readonly string[];
  /** When the token's migration was first seen (market clock) and the price then. */
  readonly migratedAt: number | null;
  readonly migrationPrice: Amount | null;
  /** A close asked for by the strategy or the owner, kept until the market lets it be carried out (I5). */
  readonly closeRequested: 'signal' | 'user' | null;
}

/** As kept in the database: amounts are decimal text. */
export interface StoredExitState {
  high: string;
  done: string[];
  migratedAt: number | null;
  migrationPrice: string | null;
  closeRequested: 'signal' | 'user' | null;
}

export const createExitState = (entryPrice: Amount): ExitState => ({
  high: entryPrice,
  done: [],
  migratedAt: null,
  migrationPrice: null,
  closeRequested: null,
});

/** A close wanted by the owner outranks one wanted by the strategy. */
export const requestClose = (state: ExitState, by: 'signal' | 'user'): ExitState =>
  state.closeRequested === 'user' || state.closeRequested === by ? state : { ...state, closeRequested: by };

export const storeExitState = (state: ExitState): StoredExitState => ({
  high: formatAmount(state.high),
  done: [...state.done],
  migratedAt: state.migratedAt,
  migrationPrice: state.migrationPrice === null ? null : formatAmount(state.migrationPrice),
  closeRequested: state.closeRequested,
});

export const readExitState = (stored: StoredExitState): ExitState => ({
  high: parseAmount(stored.high),
  done: stored.done,
  migratedAt: stored.migratedAt,
  migrationPrice: stored.migrationPrice === null ? null : parseAmount(stored.migrationPrice),
  closeRequested: stored.closeRequested,
});
