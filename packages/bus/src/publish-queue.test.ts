import { describe, expect, it } from 'vitest';
import { createPublishQueue, isLossyStream, type QueuedText } from './publish-queue.ts';

const item = (text: string, lossy: boolean): QueuedText => ({ channel: 'market', text, lossy });
const texts = (items: QueuedText[]) => items.map(({ text }) => text).join(' ');

function fill(capacity: number, items: QueuedText[]) {
  const dropped: [string, number][] = [];
  const queue = createPublishQueue(capacity, (kind, count) => dropped.push([kind, count]));
  for (const one of items) queue.push(one);
  return { queue, dropped };
}

describe('publish queue', () => {
  it('gives what came first, as much as asked for', () => {
    const { queue, dropped } = fill(10, [item('a', false), item('b', true), item('c', false)]);
    expect(texts(queue.take(2))).toBe('a b');
    expect(texts(queue.take(2))).toBe('c');
    expect(dropped).toEqual([]);
  });

  it('drops the oldest lossy one at the bound, keeping durable ones', () => {
    const { queue, dropped } = fill(4, [
      item('d1', false),
      item('p1', true),
      item('p2', true),
      item('d2', false),
      item('d3', false),
    ]);
    expect(dropped).toEqual([['lossy', 1]]);
    expect(texts(queue.take(10))).toBe('d1 p2 d2 d3');
  });

  it('drops the oldest durable ones when no lossy one is left', () => {
    const { queue, dropped } = fill(
      20,
      Array.from({ length: 21 }, (_, index) => item(`d${index}`, false)),
    );
    expect(dropped).toEqual([['durable', 2]]);
    expect(queue.length()).toBe(19);
    expect(texts(queue.take(1))).toBe('d2');
  });

  it('never holds more than its capacity', () => {
    const { queue } = fill(
      50,
      Array.from({ length: 1_000 }, (_, index) => item(`${index}`, index % 3 === 0)),
    );
    expect(queue.length()).toBeLessThanOrEqual(50);
    expect(texts(queue.take(50)).endsWith('999')).toBe(true);
  });

  it('knows the streams that may be lost', () => {
    expect(['prices.binance', 'forming.pumpfun'].every(isLossyStream)).toBe(true);
    expect(
      ['candles.binance', 'tokens.pumpfun', 'signals', 'bots.3', 'control.api'].some(isLossyStream),
    ).toBe(false);
  });
});
