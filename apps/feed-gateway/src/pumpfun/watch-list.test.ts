import { buildTokenCreated } from '@onefeed/testkit';
import { expect, test } from 'vitest';
import { createWatchList, MAX_NEW_TOKENS, WATCH_NEW_MS } from './watch-list.ts';

const created = (mint: string, at: number, untradeableReason: string | null = null) =>
  buildTokenCreated({ mint, at, untradeableReason });

test('new tradeable tokens are followed for their first minutes', () => {
  const list = createWatchList();
  list.see(created('A', 0));
  list.see(created('B', 1_000));
  list.see(created('Mayhem', 1_000, 'mayhem mode'));
  expect(list.mints(WATCH_NEW_MS - 1)).toEqual(['A', 'B']);
  expect(list.mints(WATCH_NEW_MS)).toEqual(['B']);
});

test('the oldest gives way when there are too many', () => {
  const list = createWatchList();
  for (let at = 0; at <= MAX_NEW_TOKENS; at += 1) list.see(created(`M${at}`, at));
  expect(list.mints(MAX_NEW_TOKENS)).toHaveLength(MAX_NEW_TOKENS);
  expect(list.mints(MAX_NEW_TOKENS)[0]).toBe('M1');
});

test('held tokens come first and never leave', () => {
  const list = createWatchList();
  list.hold(['Held', 'A']);
  list.see(created('A', 0));
  list.see(created('B', 0));
  expect(list.mints(1)).toEqual(['Held', 'A', 'B']);
  expect(list.mints(WATCH_NEW_MS * 10)).toEqual(['Held', 'A']);
});
