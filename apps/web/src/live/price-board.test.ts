import { expect, test, vi } from 'vitest';
import { createPriceBoard } from './price-board.ts';

const price = (instrument: string, value: string) => ({ instrument, price: value, at: 0 });

test('readers are told once for many ticks', () => {
  const scheduled: (() => void)[] = [];
  const board = createPriceBoard((run) => scheduled.push(run));
  const listener = vi.fn();
  board.subscribe(listener);
  board.record('binance', [price('BTCUSDT', '1')]);
  board.record('binance', [price('BTCUSDT', '2')]);
  expect(scheduled).toHaveLength(1);
  expect(listener).not.toHaveBeenCalled();
  scheduled[0]?.();
  expect(listener).toHaveBeenCalledTimes(1);
  expect(board.priceOf('binance', 'BTCUSDT')).toBe(2);
  expect(board.priceOf('pumpfun', 'BTCUSDT')).toBeNull();
});

test('the price not heard of for longest goes first', () => {
  const board = createPriceBoard(() => {}, 2);
  board.record('pumpfun', [price('a', '1'), price('b', '1')]);
  board.record('pumpfun', [price('a', '2'), price('c', '1')]);
  expect(board.size()).toBe(2);
  expect(board.priceOf('pumpfun', 'b')).toBeNull();
  expect(board.priceOf('pumpfun', 'a')).toBe(2);
});
