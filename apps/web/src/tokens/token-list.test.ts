import type { Token, TokenEvent } from '@onefeed/contracts';
import { expect, test } from 'vitest';
import { changeTokens, curveProgress, TOKEN_LIMIT } from './token-list.ts';
import { orderTokens } from './token-order.ts';

const fresh = { virtualSolLamports: '30000000000', virtualTokenUnits: '1073000000000000' };
const created = (mint: string): TokenEvent =>
  ({
    kind: 'created',
    mint,
    seq: 1,
    at: 5,
    name: mint,
    symbol: mint,
    reserves: fresh,
    untradeableReason: null,
  }) as TokenEvent;
const data = (...events: TokenEvent[]) => ({ kind: 'data', data: { events } }) as const;

test('tokens appear, move with their trades and migrate', () => {
  let tokens = changeTokens([], data(created('a'), created('b'), created('a')));
  expect(tokens.map((token) => token.mint)).toEqual(['b', 'a']);
  // 30 SOL against 1.073e9 tokens: the venue's own first market value.
  expect(Number(tokens[0]?.marketCapSol)).toBeCloseTo(27.959, 3);
  const reserves = { virtualSolLamports: '115005359057', virtualTokenUnits: '279900000000000' };
  const traded = { kind: 'traded', mint: 'a', reserves } as TokenEvent;
  tokens = changeTokens(tokens, data(traded, { kind: 'migrated', mint: 'b' } as TokenEvent));
  expect(Number(tokens[1]?.marketCapSol)).toBeCloseTo(410.88, 2);
  expect(tokens[0]?.status).toBe('migrated');
});

test('the best scores come first on request, the unscored last', () => {
  const tokens = [{ aiScore: null }, { aiScore: 0.2 }, { aiScore: 0.9 }, { aiScore: 0 }] as Token[];
  expect(orderTokens(tokens, 'score').map((token) => token.aiScore)).toEqual([0.9, 0.2, 0, null]);
  expect(orderTokens(tokens, 'newest')).toBe(tokens);
});

test('the list stays bounded', () => {
  const events = Array.from({ length: TOKEN_LIMIT + 9 }, (_, index) => created(`t${index}`));
  expect(changeTokens([], data(...events))).toHaveLength(TOKEN_LIMIT);
});

test('the curve is empty at the start, sold at completion', () => {
  const at = (virtualTokenUnits: string): Pick<Token, 'status' | 'reserves'> => ({
    status: 'curve',
    reserves: { virtualSolLamports: '1', virtualTokenUnits },
  });
  expect(curveProgress(at(fresh.virtualTokenUnits))).toBe(0);
  expect(curveProgress(at('279900000000000'))).toBe(1);
  expect(curveProgress({ ...at('0'), status: 'migrated' })).toBe(1);
});
