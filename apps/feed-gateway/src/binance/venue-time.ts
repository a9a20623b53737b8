import type { BinanceRestClient } from '@onefeed/venues';

/** Reads the venue's clock for many at once. */
export interface VenueTime {
  /** The venue's time at a moment after this call, ms. */
  read(): Promise<number>;
}

/**
 * One request serves all who ask before it is sent; who asks while one is on its way shares the next. A thousand
 * histories read after a reconnect so cost a few requests, and each gets a time not older than its question.
 */
export function createVenueTime(rest: Pick<BinanceRestClient, 'time'>, signal: AbortSignal): VenueTime {
  let running: Promise<unknown> | null = null;
  let next: Promise<number> | null = null;

  async function afterRunning(): Promise<number> {
    await running?.catch(() => {});
    next = null;
    const asked = rest.time(signal);
    running = asked;
    return asked;
  }

  return {
    read() {
      next ??= afterRunning();
      return next;
    },
  };
}
