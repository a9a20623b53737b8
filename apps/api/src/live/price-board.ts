import type { Price, PricesData } from '@onefeed/contracts';

/** Instruments a board keeps; the one whose price is oldest gives way (there is no end of tokens). */
const MAX_INSTRUMENTS = 2_000;

/** The latest price of each instrument of a venue. */
export interface PriceBoard {
  put(at: number, prices: readonly Price[]): void;
  read(): PricesData;
}

export function createPriceBoard(): PriceBoard {
  const latest = new Map<string, Price>();
  let marketTime = 0;

  return {
    put: (at, prices) => {
      marketTime = Math.max(marketTime, at);
      for (const price of prices) {
        latest.delete(price.instrument);
        latest.set(price.instrument, price);
      }
      for (const instrument of latest.keys()) {
        if (latest.size <= MAX_INSTRUMENTS) break;
        latest.delete(instrument);
      }
    },
    read: () => ({ at: marketTime, prices: [...latest.values()] }),
  };
}
