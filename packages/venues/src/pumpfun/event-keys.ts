import type { TokenEvent, TokenTraded } from '@onefeed/contracts';

/** A token event with its identity: the same from every source and in every repetition. */
export interface KeyedEvent {
  event: TokenEvent;
  dedupeKey: string;
}

export const createKey = (mint: string, signature: string): string => `create:${mint}:${signature}`;
export const migrateKey = (mint: string, signature: string): string => `migrate:${mint}:${signature}`;
/** One signature may carry several trades, so it alone does not identify one. */
export const tradeKey = (
  trade: Pick<TokenTraded, 'side' | 'mint' | 'signature' | 'trader' | 'tokenUnits' | 'solLamports'>,
): string =>
  `${trade.side}:${trade.mint}:${trade.signature}:${trade.trader}:${trade.tokenUnits}:${trade.solLamports}`;
