import type { Bus } from '@onefeed/bus';
import type { Price, TokenEvent } from '@onefeed/contracts';
import { priceAfter } from './token-price.ts';

/** Prices of one publication; more wait for the next, each at its newest. */
const MAX_PRICES = 500;
/** The market clock moves at least this often while the feed is live. */
const HEARTBEAT_MS = 1_000;

/** Latest token prices, conflated. The venue sends no times, so its clock is the time of arrival. */
export function createPriceBoard(bus: Bus) {
  const changed = new Map<string, Price>();
  let publishedAt = 0;

  return {
    see(event: TokenEvent): void {
      const price = priceAfter(event);
      if (price === null) return;
      changed.delete(event.mint);
      changed.set(event.mint, { instrument: event.mint, price, at: event.at });
    },
    /** `now` is the wall clock in ms: the market clock of this venue. */
    publish(now: number): void {
      if (changed.size === 0 && now - publishedAt < HEARTBEAT_MS) return;
      publishedAt = now;
      const wrap = (prices: Price[]) => ({ type: 'prices', venue: 'pumpfun', at: now, prices });
      if (changed.size === 0) {
        bus.publish('market', 'prices.pumpfun', wrap([]));
        return;
      }
      const part = [...changed.values()].slice(0, MAX_PRICES);
      for (const price of part) changed.delete(price.instrument);
      bus.publishList('market', 'prices.pumpfun', part, wrap);
    },
  };
}
