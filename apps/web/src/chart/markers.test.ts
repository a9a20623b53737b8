import type { Order } from '@onefeed/contracts';
import { expect, test } from 'vitest';
import { markersOf } from './markers.ts';

const order = (side: Order['side'], createdAt: number, status: Order['status'] = 'filled') =>
  ({ side, createdAt, status }) as Order;

test('orders mark the bar they fall in, oldest first, once per side', () => {
  const orders = [
    order('sell', 125_000),
    order('buy', 61_000),
    order('buy', 119_999),
    order('buy', 5_000),
    order('buy', 130_000, 'rejected'),
  ];
  expect(markersOf(orders, '1m', 60_000)).toEqual([
    { time: 60, position: 'belowBar', shape: 'arrowUp', color: '#7cb8ff', text: 'Buy ×2' },
    { time: 120, position: 'aboveBar', shape: 'arrowDown', color: '#f5c26b', text: 'Sell' },
  ]);
});
