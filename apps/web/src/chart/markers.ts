import { type Order, TIMEFRAME_MS, type Timeframe } from '@onefeed/contracts';

export interface OrderMarker {
  readonly time: number;
  readonly position: 'belowBar' | 'aboveBar';
  readonly shape: 'arrowUp' | 'arrowDown';
  readonly color: string;
  readonly text: string;
}

/** Seconds, as the chart counts. */
export function barTime(openTime: number): number {
  return Math.floor(openTime / 1_000);
}

/**
 * One mark per bar and side for filled orders not older than the first bar shown, oldest first; several
 * orders of one side in a bar say how many.
 */
export function markersOf(
  orders: readonly Order[],
  timeframe: Timeframe,
  firstOpenTime: number,
): OrderMarker[] {
  const length = TIMEFRAME_MS[timeframe];
  const counts = new Map<string, { openTime: number; side: Order['side']; count: number }>();
  for (const order of orders) {
    const openTime = Math.floor(order.createdAt / length) * length;
    if (order.status !== 'filled' || openTime < firstOpenTime) continue;
    const key = `${openTime}:${order.side}`;
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { openTime, side: order.side, count: 1 });
  }
  return [...counts.values()]
    .sort((a, b) => a.openTime - b.openTime || (a.side === 'buy' ? -1 : 1))
    .map(({ openTime, side, count }) => ({
      time: barTime(openTime),
      position: side === 'buy' ? 'belowBar' : 'aboveBar',
      shape: side === 'buy' ? 'arrowUp' : 'arrowDown',
      color: side === 'buy' ? '#7cb8ff' : '#f5c26b',
      text: `${side === 'buy' ? 'Buy' : 'Sell'}${count > 1 ? ` ×${count}` : ''}`,
    }));
}
