import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyBuy,
  applySell,
  type BondingCurve,
  buyExactSolIn,
  buyExactTokensOut,
  CURVE_FEES,
  feeOf,
  isCurveComplete,
  marketCapLamports,
  newBondingCurve,
  realSolLamports,
  realTokenUnits,
  sellTokens,
} from './bonding-curve.ts';

const SAMPLE = new URL(
  '../../../../../shared/protocols/samples/pumpfun_trade_events_onchain_2026-07-04.json',
  import.meta.url,
);

interface ChainEvent {
  sol_amount: number;
  token_amount: number;
  is_buy: boolean;
  virtual_sol_reserves: number;
  virtual_token_reserves: number;
  fee_basis_points: number;
  fee: number;
  creator_fee_basis_points: number;
  creator_fee: number;
  cashback_fee_basis_points: number;
  cashback: number;
  ix_name: string;
  mayhem_mode: boolean;
  quote_mint: string;
}

describe.skipIf(!existsSync(SAMPLE))('recorded on-chain trades (needs ../shared/protocols/samples)', () => {
  const { events } = existsSync(SAMPLE)
    ? (JSON.parse(readFileSync(SAMPLE, 'utf8')) as { events: ChainEvent[] })
    : { events: [] };
  const before = (event: ChainEvent): BondingCurve => {
    const moved = { tokenUnits: BigInt(event.token_amount), solLamports: BigInt(event.sol_amount) };
    const after = {
      virtualSolLamports: BigInt(event.virtual_sol_reserves),
      virtualTokenUnits: BigInt(event.virtual_token_reserves),
    };
    return event.is_buy ? applySell(after, moved) : applyBuy(after, moved);
  };
  const ordinary = events.filter((event) => !event.mayhem_mode);

  it('has the 93 events', () => {
    expect(events).toHaveLength(93);
    expect(ordinary.length).toBeGreaterThan(80);
  });

  it('charges every fee as the chain did', () => {
    for (const event of events) {
      const amount = BigInt(event.sol_amount);
      expect(feeOf(amount, BigInt(event.fee_basis_points))).toBe(BigInt(event.fee));
      expect(feeOf(amount, BigInt(event.creator_fee_basis_points))).toBe(BigInt(event.creator_fee));
      expect(feeOf(amount, BigInt(event.cashback_fee_basis_points))).toBe(BigInt(event.cashback));
    }
  });

  it('gives every amount of ordinary coins as the chain did', () => {
    const seen = { sell: 0, exactTokens: 0, exactSol: 0 };
    for (const event of ordinary) {
      const curve = before(event);
      const tokens = BigInt(event.token_amount);
      const sol = BigInt(event.sol_amount);
      if (!event.is_buy) {
        expect(sellTokens(curve, tokens)?.solLamports).toBe(sol);
        seen.sell += 1;
      } else if (event.ix_name === 'buy' || event.ix_name === 'buy_v2') {
        expect(buyExactTokensOut(curve, tokens)?.solLamports).toBe(sol);
        seen.exactTokens += 1;
      } else {
        const budget = sol + feeOf(sol, 95n) + feeOf(sol, 30n);
        const bought = buyExactSolIn(curve, budget);
        expect(bought?.tokenUnits).toBe(tokens);
        expect(bought?.solLamports).toBe(sol);
        seen.exactSol += 1;
      }
    }
    expect(seen.sell).toBeGreaterThan(30);
    expect(seen.exactTokens).toBeGreaterThan(40);
    expect(seen.exactSol).toBeGreaterThan(0);
  });
});

const k = (curve: BondingCurve) => curve.virtualSolLamports * curve.virtualTokenUnits;
const anyCurve = fc.bigInt({ min: 0n, max: 84_000_000_000n }).map((lamports) => {
  const bought = buyExactSolIn(newBondingCurve(), lamports + 1n);
  return bought === null ? newBondingCurve() : applyBuy(newBondingCurve(), bought);
});

describe('bonding curve', () => {
  it('is completed from nothing by 85.005359057 SOL at about 410.88 SOL market cap', () => {
    const fresh = newBondingCurve();
    const all = buyExactTokensOut(fresh, realTokenUnits(fresh));
    expect(all?.solLamports).toBe(85_005_359_057n);
    const done = applyBuy(fresh, { tokenUnits: realTokenUnits(fresh), solLamports: 85_005_359_057n });
    expect(isCurveComplete(done)).toBe(true);
    expect(realSolLamports(done)).toBe(85_005_359_057n);
    expect(marketCapLamports(done) / 10_000_000n).toBe(41_088n);
    expect(buyExactSolIn(done, 1_000_000_000n)).toBeNull();
  });

  it('buys the rest of the curve, and no more, with too large a budget', () => {
    const bought = buyExactSolIn(newBondingCurve(), 500_000_000_000n);
    expect(bought?.tokenUnits).toBe(793_100_000_000_000n);
    expect(bought?.traderLamports).toBeLessThan(87_000_000_000n);
  });

  it('never lets k fall, whatever is bought or sold', () => {
    fc.assert(
      fc.property(anyCurve, fc.bigInt({ min: 1n, max: 100_000_000_000n }), (curve, lamports) => {
        const bought = buyExactSolIn(curve, lamports);
        if (bought === null) return;
        const after = applyBuy(curve, bought);
        expect(k(after)).toBeGreaterThanOrEqual(k(curve));
        const sold = sellTokens(after, bought.tokenUnits);
        if (sold !== null) expect(k(applySell(after, sold))).toBeGreaterThanOrEqual(k(after));
      }),
      { numRuns: 2_000 },
    );
  });

  it('never pays out more for a round trip than was put in, and never takes more than the budget', () => {
    fc.assert(
      fc.property(anyCurve, fc.bigInt({ min: 1n, max: 100_000_000_000n }), (curve, budget) => {
        const bought = buyExactSolIn(curve, budget);
        if (bought === null) return;
        expect(bought.traderLamports).toBeLessThanOrEqual(budget);
        const sold = sellTokens(applyBuy(curve, bought), bought.tokenUnits);
        expect(sold?.traderLamports ?? 0n).toBeLessThan(bought.traderLamports);
      }),
      { numRuns: 2_000 },
    );
  });

  it('charges 95 and 30 basis points, each rounded up', () => {
    const bought = buyExactTokensOut(newBondingCurve(), 1_000_000n);
    expect(bought?.protocolFeeLamports).toBe(feeOf(bought?.solLamports ?? 0n, CURVE_FEES.protocolBps));
    expect(feeOf(1n, 95n)).toBe(1n);
    expect(feeOf(10_000n, 95n)).toBe(95n);
    expect(feeOf(10_001n, 95n)).toBe(96n);
  });
});
