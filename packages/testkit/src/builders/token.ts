import type { TokenCreated, TokenTraded } from '@onefeed/contracts';

const MINT = '11111111111111111111111111111111111111111pump';
/** A new pump.fun curve: 30 SOL and 1,073,000,000 tokens, both virtual. */
const INITIAL_RESERVES = { virtualSolLamports: '30000000000', virtualTokenUnits: '1073000000000000' };

/** A token just created, its creator holding nothing. */
export function buildTokenCreated(overrides: Partial<TokenCreated> = {}): TokenCreated {
  return {
    kind: 'created',
    seq: 1,
    mint: MINT,
    at: 1_704_067_200_000,
    signature: 'created-1',
    creator: 'Creator111',
    name: 'Test token',
    symbol: 'TEST',
    uri: 'https://example.com/token.json',
    initialTokenUnits: '0',
    initialSolLamports: '0',
    reserves: INITIAL_RESERVES,
    untradeableReason: null,
    ...overrides,
  };
}

/** A first buy of 1 SOL on the curve; reserves after it keep the product x * y. */
export function buildTokenTraded(overrides: Partial<TokenTraded> = {}): TokenTraded {
  return {
    kind: 'traded',
    seq: 2,
    mint: MINT,
    at: 1_704_067_201_000,
    signature: 'traded-2',
    side: 'buy',
    trader: 'Trader111',
    tokenUnits: '34612903225806',
    solLamports: '1000000000',
    reserves: { virtualSolLamports: '31000000000', virtualTokenUnits: '1038387096774194' },
    pool: 'curve',
    ...overrides,
  };
}
