import { type SocketStats, TIMEFRAME_MS } from '@onefeed/contracts';
import type { CandleStreamView } from '../live/candle-streams.ts';

/**
 * How much sharing saves: `subscriptions` has each session's number of candle streams; every stream is one shared
 * subscription however many read it.
 */
export function socketStats(
  views: readonly CandleStreamView[],
  subscriptions: readonly number[],
  upstreamConnections: number,
): SocketStats {
  const total = subscriptions.reduce((sum, count) => sum + count, 0);
  const saved = Math.max(0, total - views.length);
  const reduction = total === 0 ? 0 : (saved / total) * 100;
  return {
    success: true,
    summary: {
      activeSessions: subscriptions.filter((count) => count > 0).length,
      totalSubscriptions: total,
      sharedWebSockets: views.length,
      efficiency: `${reduction.toFixed(1)}% reduction in connections`,
      savings: `${saved} connections saved`,
      upstreamConnections,
    },
    websockets: views.toSorted(byStream).map((view) => ({
      venue: view.venue,
      symbol: view.instrument,
      timeframe: view.timeframe,
      subscribers: view.stream.readers.size,
      lastUpdate: view.stream.lastMessageAt(),
      candlesCount: view.bars,
      currentPrice: view.lastClose,
    })),
  };
}

/** By venue, instrument and length of the timeframe. */
function byStream(a: CandleStreamView, b: CandleStreamView): number {
  const names = `${a.venue} ${a.instrument}`.localeCompare(`${b.venue} ${b.instrument}`, 'en');
  return names === 0 ? TIMEFRAME_MS[a.timeframe] - TIMEFRAME_MS[b.timeframe] : names;
}
