import type { TokenChecked, TokenCreated, TokenEvent, TokenTraded } from '@onefeed/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAmount } from '../money/amount.ts';
import { newBondingCurve } from './bonding-curve.ts';
import {
  applyPoolBuy,
  applyPoolSell,
  buyFromPool,
  type LiquidityPool,
  poolAtMigration,
  poolFees,
  poolMarketCapLamports,
  sellToPool,
} from './liquidity-pool.ts';
import {
  applyTokenEvent,
  isTokenTrading,
  type TokenMarket,
  tokenMarketOf,
  tokenPrice,
} from './token-market.ts';

const SOLD_OUT = { virtualSolLamports: '115005359057', virtualTokenUnits: '279900000000000' };
const common = { seq: 1, mint: 'M', at: 1, signature: 's' };
const created: TokenCreated = {
  kind: 'created',
  ...common,
  creator: 'C',
  name: '',
  symbol: '',
  uri: '',
  initialTokenUnits: '0',
  initialSolLamports: '0',
  reserves: { virtualSolLamports: '30000000000', virtualTokenUnits: '1073000000000000' },
  untradeableReason: null,
};
const traded = (changes: Partial<TokenTraded>): TokenTraded => ({
  kind: 'traded',
  ...common,
  side: 'buy',
  trader: 'T',
  tokenUnits: '1000000',
  solLamports: '1000',
  reserves: null,
  pool: 'curve',
  ...changes,
});
const migrated: TokenEvent = { kind: 'migrated', ...common, pool: 'pump-amm' };
const checked = (changes: Partial<TokenChecked>): TokenChecked => ({
  kind: 'checked',
  seq: 1,
  mint: 'M',
  at: 1,
  unconfirmedReason: null,
  untradeableReason: null,
  state: null,
  ...changes,
});
const after = (...events: TokenEvent[]) => events.reduce<TokenMarket | null>(applyTokenEvent, null);

describe('the market of a token', () => {
  it('is unconfirmed from one check to the next, trades in between change nothing about that', () => {
    const trade = traded({
      reserves: { virtualSolLamports: '31000000000', virtualTokenUnits: '1038387096774194' },
    });
    const flagged = after(created, checked({ unconfirmedReason: 'trades were missed' }), trade);
    expect(flagged).toMatchObject({ place: 'curve', unconfirmed: 'trades were missed' });
    expect(flagged?.place === 'curve' && flagged.curve.virtualSolLamports).toBe(31_000_000_000n);
    const state = { status: 'curve', reserves: created.reserves } as const;
    expect(after(created, checked({ unconfirmedReason: 'x' }), trade, checked({ state }))).toEqual(
      after(created),
    );
  });

  it('is made untradeable by a check for good, and takes the state that the chain told', () => {
    const told = after(created, checked({ untradeableReason: 'another quote' }), checked({}));
    expect(told).toMatchObject({ untradeable: 'another quote', unconfirmed: null });
    const reserves = { virtualSolLamports: '84000000000', virtualTokenUnits: '206900000000000' };
    expect(after(created, migrated, checked({ state: { status: 'migrated', reserves } }))).toMatchObject({
      place: 'pool',
      pool: { solLamports: 84_000_000_000n, tokenUnits: 206_900_000_000_000n },
    });
    expect(after(checked({}))).toBeNull();
  });

  it('goes from its curve over a pause into its pool at nearly the same price', () => {
    const complete = after(created, traded({ reserves: SOLD_OUT }));
    const open = after(created, traded({ reserves: SOLD_OUT }), migrated);
    if (complete === null || open === null) throw new Error('no market');
    expect(isTokenTrading(complete)).toBe(false);
    expect(isTokenTrading(open)).toBe(true);
    expect(open.place).toBe('pool');
    expect(formatAmount(tokenPrice(complete)).slice(0, 11)).toBe('0.000000410');
    expect(formatAmount(tokenPrice(open)).slice(0, 11)).toBe('0.000000410');
  });

  it('is the same from the table as from the events', () => {
    const token = {
      status: 'migrated' as const,
      reserves: SOLD_OUT,
      untradeableReason: null,
      unconfirmedReason: null,
    };
    expect(tokenMarketOf(token)).toEqual(after(created, traded({ reserves: SOLD_OUT }), migrated));
    const pool = { virtualSolLamports: '50000000000', virtualTokenUnits: '351000000000000' };
    expect(tokenMarketOf({ ...token, reserves: pool })).toMatchObject({
      place: 'pool',
      pool: { solLamports: 50_000_000_000n, tokenUnits: 351_000_000_000_000n },
    });
    // Trades of the curve were lost: its last reserves are not those of a pool.
    expect(tokenMarketOf({ ...token, reserves: created.reserves })).toMatchObject({
      place: 'pool',
      pool: { tokenUnits: 206_900_000_000_000n },
    });
  });

  it('moves the pool by the amounts of trades without reserves, and never back to the curve', () => {
    const open = after(created, traded({ reserves: SOLD_OUT }), migrated);
    const bought = applyTokenEvent(
      open,
      traded({ pool: 'amm', solLamports: '1000000000', tokenUnits: '2000000000' }),
    );
    if (open?.place !== 'pool' || bought?.place !== 'pool') throw new Error('no pool');
    expect(bought.pool.solLamports - open.pool.solLamports).toBe(1_000_000_000n);
    expect(open.pool.tokenUnits - bought.pool.tokenUnits).toBe(2_000_000_000n);
    const late = applyTokenEvent(bought, traded({ reserves: created.reserves }));
    expect(late).toEqual(bought);
    expect(
      applyTokenEvent(
        bought,
        traded({ pool: 'amm', side: 'sell', solLamports: '999999999999999', tokenUnits: '1' }),
      ),
    ).toEqual(bought);
  });

  it('keeps what must not be bought', () => {
    const market = after(
      { ...created, untradeableReason: 'mayhem' },
      traded({ reserves: created.reserves }),
      migrated,
    );
    expect(market?.untradeable).toBe('mayhem');
  });

  it('is unknown while nothing prices it', () => {
    expect(after(migrated)).toBeNull();
    expect(after(traded({ pool: 'amm' }))).toBeNull();
  });
});

const anyPool = fc
  .record({
    sol: fc.bigInt({ min: 1_000_000n, max: 10n ** 14n }),
    tokens: fc.bigInt({ min: 1_000_000n, max: 10n ** 15n }),
  })
  .map(({ sol, tokens }): LiquidityPool => ({ solLamports: sol, tokenUnits: tokens }));
const k = (pool: LiquidityPool) => pool.solLamports * pool.tokenUnits;

describe('liquidity pool', () => {
  it('opens with the SOL of the curve less the migration fee', () => {
    expect(
      poolAtMigration({ virtualSolLamports: 115_005_359_057n, virtualTokenUnits: 279_900_000_000_000n }),
    ).toEqual({
      solLamports: 84_990_359_056n,
      tokenUnits: 206_900_000_000_000n,
    });
    expect(poolAtMigration(newBondingCurve()).solLamports).toBe(84_990_359_056n);
  });

  it('never loses value to a trader, and never takes more than the budget', () => {
    fc.assert(
      fc.property(anyPool, fc.bigInt({ min: 1n, max: 10n ** 12n }), (pool, budget) => {
        const bought = buyFromPool(pool, budget);
        if (bought === null) return;
        expect(bought.traderLamports).toBeLessThanOrEqual(budget);
        const next = applyPoolBuy(pool, bought);
        expect(k(next)).toBeGreaterThanOrEqual(k(pool));
        const sold = sellToPool(next, bought.tokenUnits);
        if (sold === null) return;
        expect(sold.traderLamports).toBeLessThan(bought.traderLamports);
        expect(k(applyPoolSell(next, sold))).toBeGreaterThanOrEqual(k(next));
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes what the fee page says in each tier, half basis points rounded up', () => {
    const page: [fromSol: number, creatorPercent: number][] = [
      [420, 0.95],
      [1_470, 0.9],
      [2_460, 0.85],
      [3_440, 0.8],
      [4_420, 0.75],
      [9_820, 0.7],
      [14_740, 0.65],
      [19_650, 0.6],
      [24_560, 0.55],
      [29_470, 0.5],
      [34_380, 0.45],
      [39_300, 0.4],
      [44_210, 0.35],
      [49_120, 0.3],
      [54_030, 0.275],
      [58_940, 0.25],
      [63_860, 0.225],
      [68_770, 0.2],
      [73_681, 0.175],
      [78_590, 0.15],
      [83_500, 0.125],
      [88_400, 0.1],
      [93_330, 0.075],
      [98_240, 0.05],
    ];
    const at = (sol: number) =>
      poolFees({ solLamports: BigInt(sol) * 1_000_000_000n, tokenUnits: 1_000_000_000_000_000n });
    let before = { lpBps: 2n, protocolBps: 93n, creatorBps: 30n };
    for (const [fromSol, percent] of page) {
      expect(at(fromSol - 1)).toEqual(before);
      before = {
        lpBps: 20n,
        protocolBps: 5n,
        creatorBps: BigInt(Math.ceil(Math.round(percent * 1_000) / 10)),
      };
      expect(at(fromSol)).toEqual(before);
    }
  });

  it.each([
    [419, 125n],
    [420, 120n],
    [1_469, 120n],
    [1_470, 115n],
    [2_460, 110n],
    [98_239, 33n],
    [98_240, 30n],
    [500_000, 30n],
  ])('takes at %i SOL of market cap %i basis points in all', (sol, total) => {
    // Rounded up, so that the cap is reached and not missed by a lamport.
    const pool = {
      solLamports: (BigInt(sol) * 1_000_000_000n * 206_900n + 999_999n) / 1_000_000n,
      tokenUnits: 206_900_000_000_000n,
    };
    expect(poolMarketCapLamports(pool) / 1_000_000_000n).toBe(BigInt(sol));
    const { lpBps, protocolBps, creatorBps } = poolFees(pool);
    expect(lpBps + protocolBps + creatorBps).toBe(total);
  });
});
