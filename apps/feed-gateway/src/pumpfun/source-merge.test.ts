import type { TokenEvent } from '@onefeed/contracts';
import { buildTokenCreated, buildTokenTraded } from '@onefeed/testkit';
import { expect, test } from 'vitest';
import { createSourceMerge } from './source-merge.ts';

function setUp() {
  const told: string[] = [];
  const merge = createSourceMerge({
    onDuplicate: (source) => told.push(`duplicate ${source}`),
    onDifference: (field) => told.push(`difference ${field}`),
  });
  return { merge, told };
}
const keyed = (event: TokenEvent, dedupeKey = 'key') => ({ event, dedupeKey });

test('the first copy of an event counts, from whichever source', () => {
  const { merge, told } = setUp();
  const trade = keyed(buildTokenTraded());
  expect(merge.take('solana', trade)).toEqual([trade]);
  expect(merge.take('pumpportal', trade)).toEqual([]);
  expect(merge.take('solana', trade)).toEqual([]);
  expect(merge.take('solana', keyed(buildTokenTraded(), 'another'))).toHaveLength(1);
  expect(told).toEqual(['duplicate pumpportal', 'duplicate solana']);
});

test('differences are counted by field; what PumpPortal rounds is none', () => {
  const { merge, told } = setUp();
  const reserves = { virtualSolLamports: '31000000000', virtualTokenUnits: '1038387096774194' };
  const take = (source: 'pumpportal' | 'solana', key: string, given: typeof reserves | null) =>
    merge.take(source, keyed(buildTokenTraded({ reserves: given }), key));
  take('pumpportal', 'a', reserves);
  take('solana', 'a', { ...reserves, virtualSolLamports: '31001000000' });
  take('pumpportal', 'b', reserves);
  take('solana', 'b', { ...reserves, virtualSolLamports: '30998999999' });
  take('pumpportal', 'c', reserves);
  take('solana', 'c', { ...reserves, virtualTokenUnits: '1038387096774195' });
  take('pumpportal', 'd', reserves);
  take('solana', 'd', null);
  expect(told.filter((text) => text.startsWith('difference'))).toEqual([
    'difference reserves',
    'difference reserves',
  ]);
});

test('a coin that only one source knows not to be priced in SOL becomes untradeable', () => {
  const { merge, told } = setUp();
  const created = buildTokenCreated({ mint: 'A', at: 5, name: 'a' });
  merge.take('pumpportal', keyed(created));
  const better = keyed({ ...created, name: 'b', untradeableReason: 'another quote' });
  expect(merge.take('solana', better)).toMatchObject([
    { event: { kind: 'checked', mint: 'A', untradeableReason: 'another quote', state: null } },
  ]);
  expect(told).toEqual(['duplicate solana', 'difference untradeableReason', 'difference name']);
  merge.take('solana', keyed({ ...created, untradeableReason: 'x' }, 'other'));
  expect(merge.take('pumpportal', keyed(created, 'other'))).toEqual([]);
});

test('its memory is bounded: what it forgot passes, and is recognised by the table', () => {
  const { merge } = setUp();
  for (let at = 0; at <= 20_000; at += 1) merge.take('solana', keyed(buildTokenTraded(), `k${at}`));
  expect(merge.take('pumpportal', keyed(buildTokenTraded(), 'k1'))).toEqual([]);
  expect(merge.take('pumpportal', keyed(buildTokenTraded(), 'k0'))).toHaveLength(1);
});
