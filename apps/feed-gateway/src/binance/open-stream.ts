import { type BinanceStreamClient, createBinanceStreamClient } from '@onefeed/venues';
import type { FeedTotals } from '../feed-totals.ts';
import type { FeedDeps } from '../venue-feed.ts';
import type { CandleSync } from './candle-sync.ts';
import type { LiveBoard } from './live-board.ts';

/** A simulated venue lives in another time; such a distance is no lag. */
const MAX_LAG_MS = 600_000;

/** Binance's socket, its bars going to the board and the final ones to the candles. */
export function openStream(
  { baseUrl, rolloverMs }: { baseUrl: string; rolloverMs: number },
  { sync, board, totals }: { sync: CandleSync; board: LiveBoard; totals: FeedTotals },
  { kit, metrics, log, openSocket, clock, random }: FeedDeps,
): BinanceStreamClient {
  const venue = 'binance';
  return createBinanceStreamClient(
    {
      baseUrl,
      rolloverMs,
      onCandle(candle, eventTime, receivedAt) {
        totals.lastFrameAt = receivedAt;
        const lagMs = receivedAt - eventTime;
        if (Math.abs(lagMs) < MAX_LAG_MS) metrics.receiveLag.observe({ venue }, Math.max(0, lagMs) / 1_000);
        metrics.staleness.heard(candle.timeframe, receivedAt);
        board.see(candle, eventTime);
        if (candle.closed) sync.final(candle, receivedAt);
      },
      onSubscribed: sync.subscribed,
      onInterrupted: sync.interrupted,
      onRenewed(streams) {
        metrics.resubscribed.inc({ venue }, streams.length);
        const [first] = streams;
        const details = { streams: streams.length, first };
        log.warn('silent streams', details, 'silent Binance streams are subscribed anew');
      },
      onRolledOver(cause) {
        metrics.rollovers.inc({ venue, cause });
        kit.logger.info({ venue, cause }, 'a new socket has taken over');
      },
      onDuplicate: () => metrics.passedOver.inc({ venue, reason: 'duplicate' }),
      onRefused(streams, message) {
        log.warn('refused', { streams: streams.length, message }, 'Binance refused a subscription');
      },
      onFrame(kind) {
        totals.frames += 1;
        metrics.frames.inc({ venue, kind });
      },
      onBad(reason, text) {
        totals.badFrames += 1;
        metrics.badFrames.inc({ venue, reason });
        log.warn(`frame ${reason}`, { reason, frame: text.slice(0, 300) }, 'a Binance frame was passed over');
      },
      onState(state) {
        kit.logger[state === 'live' ? 'info' : 'debug']({ venue, state }, 'venue connection');
      },
      onDropped(cause, detail) {
        metrics.reconnects.inc({ venue, cause });
        log.warn(`dropped ${cause}`, { cause, detail }, 'the connection to Binance ended');
      },
    },
    { openSocket, clock, random },
  );
}
