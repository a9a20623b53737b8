import {
  applyBuy,
  applySell,
  INITIAL_REAL_TOKEN_UNITS,
  MIGRATION_TOKEN_UNITS,
  newBondingCurve,
  realTokenUnits,
} from '@onefeed/domain';
import { describe, expect, it, vi } from 'vitest';
import { createTokenLife } from './token-life.ts';
import { type Fate, planToken } from './token-plan.ts';

// Much work or real sockets: a busy machine takes longer than the default allows.
vi.setConfig({ testTimeout: 30_000 });

const SEED = 11;
const TOKENS = 260;

interface Frame {
  signature: string;
  mint: string;
  txType: string;
  traderPublicKey: string;
  tokenAmount: number;
  solAmount: number;
  newTokenBalance?: number;
  vTokensInBondingCurve?: number;
  vSolInBondingCurve?: number;
  tokensInPool?: number;
  solInPool?: number;
  marketCapSol?: number;
  initialBuy?: number;
  pool?: string;
}

/** The whole life of a token: its frames with the token time of each. */
function live(index: number, speed = 20) {
  const token = createTokenLife({ seed: SEED, index, bornAt: 0, speed });
  const frames: { at: number; frame: Frame }[] = [];
  for (let at = token.nextAt(); at !== Infinity; at = token.nextAt()) {
    const event = token.step();
    if (event) frames.push({ at, frame: JSON.parse(event.text) as Frame });
  }
  return { token, frames, plan: planToken(SEED, index) };
}

const lives = Array.from({ length: TOKENS }, (_, index) => live(index));
const ordinary = lives.filter(({ plan }) => !['bonk', 'usdc', 'mayhem'].includes(plan.oddity));
const ofFate = (fate: Fate) => ordinary.filter(({ plan }) => plan.fate === fate);
const units = (amount: number | undefined) => BigInt(Math.round((amount ?? Number.NaN) * 1e6));
const lamports = (amount: number | undefined) => BigInt(Math.round((amount ?? Number.NaN) * 1e9));

describe('the life of a token', () => {
  it('is a function of its seed', () => {
    expect(live(5).frames).toEqual(lives[5]?.frames);
  });

  it('moves along the curve: reserves and amounts chain from frame to frame', () => {
    for (const { frames, token } of ordinary) {
      let curve = newBondingCurve();
      for (const { frame } of frames) {
        if (frame.pool !== 'pump') continue;
        const isCreate = frame.txType === 'create';
        const trade = {
          tokenUnits: units(isCreate ? frame.initialBuy : frame.tokenAmount),
          solLamports: lamports(frame.solAmount),
        };
        curve = frame.txType === 'sell' ? applySell(curve, trade) : applyBuy(curve, trade);
        expect(units(frame.vTokensInBondingCurve)).toBe(curve.virtualTokenUnits);
        const told = lamports(frame.vSolInBondingCurve);
        const apart = told - curve.virtualSolLamports;
        // Every trade rounds by at most three lamports in the curve's favour; the frames keep the ideal product.
        expect(apart <= 1n && -apart <= 3n * BigInt(frames.length)).toBe(true);
        const product = (frame.vTokensInBondingCurve ?? 0) * (frame.vSolInBondingCurve ?? 0);
        expect(product / 32_190_000_000).toBeCloseTo(1, 12);
      }
      expect(curve).toEqual(token.state.curve);
    }
  });

  it('conserves tokens: what has left the curve and the pool is what the holders hold', () => {
    for (const { token } of ordinary) {
      const { curve, pool, holders } = token.state;
      let held = 0n;
      for (const balance of holders.values()) {
        expect(balance).toBeGreaterThan(0n);
        held += balance;
      }
      const leftCurve = INITIAL_REAL_TOKEN_UNITS - realTokenUnits(curve);
      const leftPool = pool ? MIGRATION_TOKEN_UNITS - pool.tokenUnits : 0n;
      expect(held).toBe(leftCurve + leftPool);
    }
  });

  it('migrates exactly when its curve is complete', () => {
    for (const { frames, token, plan } of ordinary) {
      const migrations = frames.filter(({ frame }) => frame.txType === 'migrate');
      const complete = realTokenUnits(token.state.curve) === 0n;
      expect(migrations).toHaveLength(complete ? 1 : 0);
      expect(complete).toBe(plan.fate === 'graduate' || plan.fate === 'instant');
      if (!complete) continue;
      expect(Object.keys(migrations[0]?.frame ?? {})).toEqual(['signature', 'mint', 'txType', 'pool']);
    }
  });

  it('goes on for at least a minute of wall time in the pool, whose product never falls', () => {
    const winners = [...ofFate('graduate'), ...ofFate('instant')];
    expect(winners).toHaveLength(TOKENS / 13);
    let reduced = 0;
    let risen = 0;
    for (const { frames } of winners) {
      const migratedAt = frames.find(({ frame }) => frame.txType === 'migrate')?.at ?? Number.NaN;
      const after = frames.filter(({ at, frame }) => at > migratedAt && frame.txType !== 'migrate');
      expect((after.at(-1)?.at ?? 0) - migratedAt).toBeGreaterThan(60_000 * 20);
      let product = 0n;
      const caps: number[] = [];
      for (const { frame } of after) {
        if (frame.pool === undefined) {
          reduced += 1;
          expect(Object.keys(frame)).toHaveLength(6);
          continue;
        }
        expect(frame.pool).toBe('pump-amm');
        const next = units(frame.tokensInPool) * lamports(frame.solInPool);
        expect(next >= product).toBe(true);
        product = next;
        caps.push(frame.marketCapSol ?? 0);
      }
      if (Math.max(...caps) > (caps[0] ?? Infinity) * 1.3) risen += 1;
    }
    expect(reduced).toBeGreaterThan(0);
    expect(risen).toBeGreaterThan(winners.length / 4);
  });

  it('shows early who will make it: more buyers and more money in its first ten seconds', () => {
    const early = (fate: Fate, measure: (buys: Frame[]) => number) => {
      const values = ofFate(fate).map(({ frames }) =>
        measure(
          frames.filter(({ at, frame }) => at < 10_000 && frame.txType === 'buy').map(({ frame }) => frame),
        ),
      );
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    const buyers = (buys: Frame[]) => new Set(buys.map(({ traderPublicKey }) => traderPublicKey)).size;
    const money = (buys: Frame[]) => buys.reduce((sum, { solAmount }) => sum + solAmount, 0);
    for (const fate of ['fade', 'rug'] as const) {
      expect(early('graduate', buyers)).toBeGreaterThan(3 * early(fate, buyers));
      expect(early('graduate', money)).toBeGreaterThan(3 * early(fate, money));
    }
  });

  it('mostly ends soon: of the rest the creator of each rug sells out, and none outlives ten minutes', () => {
    const rest = ordinary.filter(({ plan }) => plan.fate !== 'graduate' && plan.fate !== 'instant');
    for (const { frames } of rest) expect(frames.at(-1)?.at).toBeLessThanOrEqual(600_000);
    for (const { frames } of ofFate('rug')) {
      const creator = frames[0]?.frame.traderPublicKey;
      const exit = frames.find(({ frame }) => frame.txType === 'sell' && frame.traderPublicKey === creator);
      expect(exit?.frame.newTokenBalance).toBe(0);
    }
    expect(ofFate('rug').length).toBeGreaterThan(TOKENS / 10);
  });

  it('carries signatures and mints of the real form; a signature carries two trades at most', () => {
    const seen = new Map<string, string>();
    let bundles = 0;
    for (const [index, { frames }] of lives.entries()) {
      for (const [at, { frame }] of frames.entries()) {
        expect(frame.signature).toMatch(/^[1-9A-HJ-NP-Za-km-z]{80,90}$/);
        expect(frame.mint).toMatch(/^[1-9A-HJ-NP-Za-km-z]{40,44}$/);
        const before = seen.get(frame.signature);
        seen.set(frame.signature, `${index}:${at}`);
        if (before === undefined) continue;
        bundles += 1;
        expect(before).toBe(`${index}:${at - 1}`);
        expect(frames[at - 2]?.frame.signature).not.toBe(frame.signature);
        expect(frames[at - 1]?.at).toBe(frames[at]?.at);
      }
    }
    expect(bundles).toBeGreaterThan(50);
  });
});
