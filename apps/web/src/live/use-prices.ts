import type { Venue } from '@onefeed/contracts';
import { useSyncExternalStore } from 'react';
import { createPriceBoard, type PriceOf } from './price-board.ts';
import { useChannel } from './use-channel.ts';

const board = createPriceBoard((run, delayMs) => setTimeout(run, delayMs));

/** Latest prices; the component renders anew when they move. */
export function usePrices(): PriceOf {
  useSyncExternalStore(board.subscribe, board.version);
  return board.priceOf;
}

/** Feeds the board from the socket while the component is shown. */
export function usePriceFeed(venue: Venue, wanted: boolean): void {
  useChannel(wanted ? (`prices:${venue}` as const) : null, (update) =>
    board.record(venue, update.data.prices),
  );
}
