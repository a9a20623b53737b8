import { type Faults, isChosen } from '../control/faults.ts';
import { hash32 } from '../random.ts';
import type { SimVenue } from '../sim-metrics.ts';

/** Trades on their way at once; past it they arrive without delay. */
const MAX_UNDERWAY = 10_000;

export interface TradeCourier {
  /** Hands a trade over at once, later or never, as the faults say. `key` is what identifies the trade. */
  carry(venue: SimVenue, key: string, deliver: () => void): void;
  stop(): void;
}

/** Loses and delays trades. A delayed one comes after younger ones, as it does from the real sources. */
export function createTradeCourier(faults: Faults, seed: () => number): TradeCourier {
  const underway = new Set<NodeJS.Timeout>();
  return {
    carry(venue, key, deliver) {
      const draw = (what: string) => hash32(seed(), what, venue, key);
      if (isChosen(draw('lose'), faults.loseTradeOneIn)) return;
      if (!isChosen(draw('delay'), faults.delayTradeOneIn) || underway.size >= MAX_UNDERWAY) return deliver();
      const timer = setTimeout(
        () => {
          underway.delete(timer);
          deliver();
        },
        1 + (draw('wait') % faults.delayTradeMs),
      );
      underway.add(timer);
    },
    stop() {
      for (const timer of underway) clearTimeout(timer);
      underway.clear();
    },
  };
}
