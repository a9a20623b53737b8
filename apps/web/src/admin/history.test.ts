import { expect, test } from 'vitest';
import { addPoint, HISTORY_LIMIT, type Point, ratePerMinute, sparkline } from './history.ts';
import { findNumber, statList } from './stat-list.ts';

test('the history is bounded and takes each reading once', () => {
  let history: readonly Point[] = [];
  for (let at = 1; at <= HISTORY_LIMIT + 20; at += 1) history = addPoint(history, { at, value: at });
  expect(history).toHaveLength(HISTORY_LIMIT);
  expect(addPoint(history, { at: HISTORY_LIMIT + 20, value: 0 })).toBe(history);
});

test('a rate needs two readings and a counter that did not start over', () => {
  expect(ratePerMinute([{ at: 0, value: 5 }])).toBeNull();
  expect(
    ratePerMinute([
      { at: 0, value: 5 },
      { at: 30_000, value: 20 },
    ]),
  ).toBe(30);
  expect(
    ratePerMinute([
      { at: 0, value: 500 },
      { at: 30_000, value: 2 },
    ]),
  ).toBeNull();
});

test('a sparkline spans its box; a figure at rest is a line in the middle', () => {
  const points = [1, 3].map((value, at) => ({ at, value }));
  expect(sparkline(points, 100, 20)).toBe('0.0,19.0 100.0,1.0');
  expect(
    sparkline(
      [1, 1].map((value, at) => ({ at, value })),
      100,
      20,
    ),
  ).toBe('0.0,10.0 100.0,10.0');
  expect(sparkline([], 100, 20)).toBe('');
});

test('whatever a service says of itself becomes labelled figures', () => {
  const record = {
    framesTotal: 1_234,
    leader: true,
    binance: { last_frame_at: 1_800_000_000_000 },
    none: null,
  };
  expect(statList(record)).toEqual([
    { key: 'framesTotal', label: 'frames total', value: '1,234' },
    { key: 'leader', label: 'leader', value: 'yes' },
    { key: 'binance.last_frame_at', label: 'binance last frame at', value: '08:00:00' },
  ]);
  expect(findNumber({ deep: { signalsTotal: 7 } }, /signals/i)).toBe(7);
  expect(findNumber({ signals: 'many' }, /signals/i)).toBeNull();
});
