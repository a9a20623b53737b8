import { expect, test } from 'vitest';
import { readMetric } from './child.ts';
import { differencesOf } from './comparison.ts';
import { planFaults } from './fault-plan.ts';
import { trendOf } from './memory.ts';
import { createRandom } from './random.ts';
import { type SimSockets, socketBreaches } from './simulator.ts';

const bar = (minute: number, close = '1') => ({ openTime: minute * 60_000, values: ['1', '2', '1', close] });

test('a candle missing, wrong or invented is a difference', () => {
  const truth = [bar(1), bar(2), bar(3)];
  expect(differencesOf('X 1m', truth, truth)).toEqual([]);
  expect(differencesOf('X 1m', [bar(1), bar(3)], truth)).toEqual(['X 1m 1970-01-01T00:02:00.000Z: missing']);
  expect(differencesOf('X 1m', [bar(1), bar(2, '1.0'), bar(3)], truth)).toEqual([
    'X 1m 1970-01-01T00:02:00.000Z: stored 1,2,1,1.0, true 1,2,1,1',
  ]);
  expect(differencesOf('X 1m', [...truth, bar(4)], truth)).toHaveLength(1);
  expect(
    differencesOf(
      'X 1m',
      [],
      Array.from({ length: 50 }, (_, minute) => bar(minute)),
    ),
  ).toHaveLength(6);
});

test('two sockets are a breach, but for a short replacement on Binance', () => {
  const state = (venue: SimSockets['venue'], maxConnections: number, longestOverlapMs: number) => ({
    venueTime: 0,
    violations: 0,
    violationKinds: {},
    venues: [{ venue, connections: 1, maxConnections, longestOverlapMs }],
  });
  expect(socketBreaches(state('binance', 2, 500))).toEqual([]);
  expect(socketBreaches(state('binance', 2, 60_000))).toHaveLength(1);
  expect(socketBreaches(state('binance', 3, 500))).toHaveLength(1);
  expect(socketBreaches(state('pumpfun', 1, 0))).toEqual([]);
  expect(socketBreaches(state('pumpfun', 2, 1))).toHaveLength(1);
  expect(socketBreaches(state('solana', 2, 1))).toHaveLength(1);
});

test('growth is told after the warm-up', () => {
  const climb = Array.from({ length: 40 }, (_, second) => 100 + second);
  expect(trendOf(climb)).toMatchObject({ settled: 114, end: 134, growth: 20, peak: 139 });
  const warm = Array.from({ length: 40 }, (_, second) => (second < 10 ? 10 * second : 100));
  expect(trendOf(warm)).toMatchObject({ growth: 0 });
  expect(trendOf(climb.slice(0, 10))).toBeNull();
});

test('a plan is its seed; every kind comes, in order, and what begins ends', () => {
  const plan = (seed: number) => planFaults(createRandom(seed), 60_000, 2_000);
  expect(plan(1)).toEqual(plan(1));
  expect(plan(1)).not.toEqual(plan(2));
  const faults = plan(1);
  expect(new Set(faults.map(({ name }) => name)).size).toBe(7);
  expect(faults.map(({ atMs }) => atMs)).toEqual(faults.map(({ atMs }) => atMs).sort((a, b) => a - b));
  for (const { atMs, end } of faults) {
    expect(atMs).toBeLessThan(54_000);
    if (end !== undefined) expect(end.atMs).toBeGreaterThan(atMs);
  }
});

test('samples of a metric are added up by label', () => {
  const text = 'a_total{venue="x",kind="1"} 2\na_total{venue="x",kind="2"} 3\na_total{venue="y"} 10\nb 7';
  expect(readMetric(text, 'a_total', { venue: 'x' })).toBe(5);
  expect(readMetric(text, 'a_total')).toBe(15);
  expect(readMetric(text, 'b')).toBe(7);
  expect(readMetric(text, 'c')).toBe(0);
});
