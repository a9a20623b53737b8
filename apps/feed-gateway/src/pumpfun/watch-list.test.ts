import { buildTokenCreated } from '@onefeed/testkit';
import { expect, test } from 'vitest';
import { createWatchList, MAX_NEW_TOKENS, WATCH_NEW_MS, type WatchList } from './watch-list.ts';

const all = (list: WatchList, now: number) => {
  const { held, others } = list.mints(now);
  return [...held, ...others];
};
const created = (mint: string, at: number, untradeableReason: string | null = null) =>
  buildTokenCreated({ mint, at, untradeableReason });

test('new tradeable tokens are followed for their first minutes', () => {
  const list = createWatchList();
  list.see(created('A', 0));
  list.see(created('B', 1_000));
  list.see(created('Mayhem', 1_000, 'mayhem mode'));
  expect(all(list, WATCH_NEW_MS - 1)).toEqual(['A', 'B']);
  expect(all(list, WATCH_NEW_MS)).toEqual(['B']);
});

test('the oldest gives way when there are too many', () => {
  const list = createWatchList();
  for (let at = 0; at <= MAX_NEW_TOKENS; at += 1) list.see(created(`M${at}`, at));
  expect(all(list, MAX_NEW_TOKENS)).toHaveLength(MAX_NEW_TOKENS);
  expect(all(list, MAX_NEW_TOKENS)[0]).toBe('M1');
});

test('held tokens come first and never leave', () => {
  const list = createWatchList();
  list.hold(['Held', 'A']);
  list.see(created('A', 0));
  list.see(created('B', 0));
  expect(all(list, 1)).toEqual(['Held', 'A', 'B']);
  expect(all(list, WATCH_NEW_MS * 10)).toEqual(['Held', 'A']);
});

test('a token that turns out to be untradeable is left, unless it is held', () => {
  const list = createWatchList();
  for (const mint of ['A', 'B']) list.see(created(mint, 0));
  list.hold(['A']);
  for (const mint of ['A', 'B']) list.drop(mint);
  expect(all(list, 1)).toEqual(['A']);
  expect([list.has('A'), list.has('B')]).toEqual([true, false]);
});
