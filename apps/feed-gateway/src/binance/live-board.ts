import type { Bus } from '@onefeed/bus';
import type { Candle, Price } from '@onefeed/contracts';

/** The market clock moves at least this often while the feed is live. */
const HEARTBEAT_MS = 1_000;

/** Latest forming candles and prices, conflated: a slow reader gets the newest, never a backlog. */
export function createLiveBoard(bus: Bus) {
  const forming = new Map<string, Candle>();
  const prices = new Map<string, Price>();
  /** Newest event time seen of each instrument, so that a late frame of another timeframe changes nothing. */
  const seenAt = new Map<string, number>();
  let venueTime = 0;
  let publishedAt = 0;

  return {
    /** Takes any bar, partial or final. `eventTime` is the venue's, ms. */
    see(candle: Candle, eventTime: number): void {
      venueTime = Math.max(venueTime, eventTime);
      const key = `${candle.instrument} ${candle.timeframe}`;
      if (candle.closed) forming.delete(key);
      else forming.set(key, candle);
      if (eventTime < (seenAt.get(candle.instrument) ?? 0)) return;
      seenAt.set(candle.instrument, eventTime);
      prices.set(candle.instrument, { instrument: candle.instrument, price: candle.close, at: eventTime });
    },
    /** The market clock: the newest event time seen, ms; 0 before the first. */
    venueTime: () => venueTime,
    /** The venue told its time otherwise. */
    tellVenueTime(at: number): void {
      venueTime = Math.max(venueTime, at);
    },
    /** The venue's clock was set back (another market): forget all. */
    reset(): void {
      forming.clear();
      prices.clear();
      seenAt.clear();
      venueTime = 0;
    },
    /** Publishes what changed since the last call; `wallTime` only paces the heartbeat. */
    publish(wallTime: number): void {
      if (forming.size > 0) {
        bus.publishList('market', 'forming.binance', [...forming.values()], (candles) => ({
          type: 'formingCandles',
          candles,
        }));
        forming.clear();
      }
      if (venueTime === 0 || (prices.size === 0 && wallTime - publishedAt < HEARTBEAT_MS)) return;
      publishedAt = wallTime;
      const at = venueTime;
      const wrap = (part: Price[]) => ({ type: 'prices', venue: 'binance', at, prices: part });
      if (prices.size === 0) bus.publish('market', 'prices.binance', wrap([]));
      else bus.publishList('market', 'prices.binance', [...prices.values()], wrap);
      prices.clear();
    },
  };
}
export type LiveBoard = ReturnType<typeof createLiveBoard>;
