import type { Bus } from '@onefeed/bus';
import { buildCandle } from '@onefeed/testkit';
import { expect, test } from 'vitest';
import { createLiveBoard } from './live-board.ts';

function setUp() {
  const sent: { stream: string; body: unknown }[] = [];
  const bus = {
    publish: (_channel: string, stream: string, body: unknown) => void sent.push({ stream, body }),
    publishList: (_channel: string, stream: string, items: unknown[], wrap: (part: unknown[]) => unknown) =>
      void sent.push({ stream, body: wrap([...items]) }),
  } as unknown as Bus;
  return { sent, board: createLiveBoard(bus) };
}
const partial = (close: string, timeframe: '1m' | '5m' = '1m') =>
  buildCandle({ close, timeframe, closed: false });

test('only the newest of each is told, with the time of the venue', () => {
  const { sent, board } = setUp();
  board.see(partial('1.0'), 100);
  board.see(partial('2.0'), 200);
  board.see(partial('9.0', '5m'), 150);
  board.publish(0);
  expect(sent).toMatchObject([
    { stream: 'forming.binance', body: { candles: [{ close: '2.0' }, { close: '9.0', timeframe: '5m' }] } },
    { stream: 'prices.binance', body: { at: 200, prices: [{ price: '2.0', at: 200 }] } },
  ]);
});

test('the market clock is told each second without news, and not before the first', () => {
  const { sent, board } = setUp();
  board.publish(5_000);
  expect(sent).toEqual([]);
  board.see(buildCandle({ close: '1.0', closed: true }), 100);
  board.publish(10_000);
  board.publish(10_999);
  expect(sent).toHaveLength(1);
  board.publish(11_000);
  expect(sent[1]).toEqual({
    stream: 'prices.binance',
    body: { type: 'prices', venue: 'binance', at: 100, prices: [] },
  });
});

test('a venue that was set back starts anew', () => {
  const { board } = setUp();
  board.see(partial('1.0'), 1_000_000);
  board.reset();
  board.see(partial('2.0'), 10);
  expect(board.venueTime()).toBe(10);
});
