import { expect, test } from 'vitest';
import { priceAfter, pricePerToken } from './token-price.ts';

test('SOL per whole token', () => {
  // A new curve: 30 SOL for 1,073,000,000 tokens.
  expect(pricePerToken(30_000_000_000n, 1_073_000_000_000_000n)).toBe('0.000000027958993476');
  expect(pricePerToken(2_000_000_000n, 1_000_000n)).toBe('2.000000000000000000');
});

const trade = {
  kind: 'traded',
  seq: 1,
  mint: 'M',
  at: 1,
  signature: 's',
  side: 'buy',
  trader: 't',
  tokenUnits: '1000000',
  solLamports: '500000000',
  reserves: null,
  pool: 'amm',
} as const;

test('without reserves the amounts traded tell the price, dust tells none', () => {
  expect(priceAfter(trade)).toBe('0.500000000000000000');
  expect(priceAfter({ ...trade, solLamports: '999' })).toBeNull();
  expect(priceAfter({ ...trade, tokenUnits: '0' })).toBeNull();
  expect(
    priceAfter({ kind: 'migrated', seq: 1, mint: 'M', at: 1, signature: 's', pool: 'pump-amm' }),
  ).toBeNull();
});

test('a late trade on the curve tells no price, a read state does', () => {
  expect(priceAfter({ ...trade, pool: 'curve' })).toBeNull();
  const checked = {
    kind: 'checked',
    seq: 1,
    mint: 'M',
    at: 1,
    unconfirmedReason: null,
    untradeableReason: null,
  } as const;
  expect(priceAfter({ ...checked, state: null })).toBeNull();
  const reserves = { virtualSolLamports: '2000000000', virtualTokenUnits: '1000000' };
  expect(priceAfter({ ...checked, state: { status: 'curve', reserves } })).toBe('2.000000000000000000');
});
