import type { Reserves, TokenEvent, TokenTraded } from '@onefeed/contracts';
import type { StoredTokenMarket } from '@onefeed/db';
import {
  applyBuy,
  applyTokenEvent,
  type BondingCurve,
  buyExactSolIn,
  newBondingCurve,
  type TokenMarket,
} from '@onefeed/domain';
import { buildTokenCreated } from '@onefeed/testkit';
import type { CurveAccount } from '@onefeed/venues';
import { expect, test } from 'vitest';
import { createTokenGuard } from './token-guard.ts';

const MINT = 'A';
const reservesOf = (curve: BondingCurve): Reserves => ({
  virtualSolLamports: String(curve.virtualSolLamports),
  virtualTokenUnits: String(curve.virtualTokenUnits),
});

/** Eight buys one after another on a new curve. */
const TRADES: TokenTraded[] = [];
const STATES: BondingCurve[] = [newBondingCurve()];
for (let at = 1; at <= 8; at += 1) {
  const curve = STATES.at(-1) ?? newBondingCurve();
  const bought = buyExactSolIn(curve, BigInt(at) * 100_000_000n);
  if (bought === null) throw new Error('no trade');
  const after = applyBuy(curve, bought);
  STATES.push(after);
  TRADES.push({
    kind: 'traded',
    seq: 0,
    mint: MINT,
    at: at * 1_000,
    signature: `s${at}`,
    side: 'buy',
    trader: 'T',
    tokenUnits: String(bought.tokenUnits),
    solLamports: String(bought.solLamports),
    reserves: reservesOf(after),
    pool: 'curve',
  });
}

function setUp(options: { canRead?: boolean; exactCreations?: boolean } = {}) {
  const counts = { breaks: 0, chain: 0, trades: 0 };
  const guard = createTokenGuard({
    canRead: () => options.canRead ?? true,
    exactCreations: options.exactCreations ?? true,
    onBreak: () => {
      counts.breaks += 1;
    },
    onConfirmed: (by) => {
      counts[by] += 1;
    },
  });
  const stored: TokenEvent[] = [];
  const keep = (events: readonly { event: TokenEvent; dedupeKey: string }[]) => {
    stored.push(...events.map(({ event }) => event));
    return events.map(({ event }) => event);
  };
  const see = (event: TokenEvent) => keep(guard.see({ event, dedupeKey: 'key' }));
  /** The nth trade, counted from 1. */
  const trade = (nth: number) => {
    const event = TRADES[nth - 1];
    if (event === undefined) throw new Error('no such trade');
    return see(event);
  };
  guard.follow([MINT]);
  see(buildTokenCreated({ mint: MINT, at: 0, reserves: reservesOf(newBondingCurve()) }));
  const market = () => stored.reduce<TokenMarket | null>(applyTokenEvent, null);
  return { guard, counts, see, trade, keep, stored, market };
}

const account = (nth: number, changes: Partial<CurveAccount> = {}): CurveAccount => {
  const curve = STATES[nth] ?? newBondingCurve();
  return {
    virtualTokenUnits: curve.virtualTokenUnits,
    virtualSolLamports: curve.virtualSolLamports,
    realTokenUnits: 1n,
    realSolLamports: 1n,
    supplyUnits: 1n,
    isComplete: false,
    creator: 'C',
    isMayhem: false,
    quoteMint: '11111111111111111111111111111111',
    ...changes,
  };
};
const solOf = (market: TokenMarket | null) =>
  market?.place === 'curve' ? market.curve.virtualSolLamports : null;

test('trades that chain pass as they are', () => {
  const { trade, stored, counts, guard } = setUp();
  for (let nth = 1; nth <= 5; nth += 1) expect(trade(nth)).toEqual([TRADES[nth - 1]]);
  expect(stored.filter((event) => event.kind === 'checked')).toEqual([]);
  expect([counts.breaks, guard.unconfirmed()]).toEqual([0, 0]);
});

test('a missed trade blocks entries until it comes late; its old reserves do not count', () => {
  const { trade, market, counts } = setUp();
  trade(1);
  expect(trade(3)).toMatchObject([
    { kind: 'traded' },
    { kind: 'checked', unconfirmedReason: 'trades of it were missed' },
  ]);
  expect(market()?.unconfirmed).toBe('trades of it were missed');
  expect(trade(2)).toMatchObject([
    { kind: 'traded', signature: 's2', reserves: null },
    { kind: 'checked', unconfirmedReason: null },
  ]);
  expect(market()?.unconfirmed).toBeNull();
  expect(solOf(market())).toBe(STATES[3]?.virtualSolLamports);
  expect(counts).toEqual({ breaks: 1, chain: 0, trades: 1 });
});

test('the chain confirms what is known', () => {
  const { trade, guard, keep, counts } = setUp();
  trade(1);
  trade(3);
  expect(guard.due(3_299, 10, true)).toEqual([]);
  expect(guard.due(3_300, 10, true)).toEqual([MINT]);
  expect(guard.due(3_300, 10, false)).toEqual([]);
  expect(keep(guard.told(MINT, account(3), 3_400))).toMatchObject([
    { kind: 'checked', unconfirmedReason: null, state: null },
  ]);
  expect([counts.chain, guard.unconfirmed()]).toEqual([1, 0]);
});

test('the chain corrects what is known once it stands still, and the stream may catch up', () => {
  const { trade, guard, keep, market } = setUp();
  trade(1);
  keep(guard.interrupted(1_500));
  expect(keep(guard.told(MINT, account(4), 2_000))).toEqual([]);
  expect(guard.due(2_999, 10, true)).toEqual([]);
  expect(keep(guard.told(MINT, account(4), 3_000))).toMatchObject([
    {
      kind: 'checked',
      unconfirmedReason: null,
      state: { status: 'curve', reserves: reservesOf(STATES[4] ?? newBondingCurve()) },
    },
  ]);
  for (const nth of [2, 3]) expect(trade(nth)).toMatchObject([{ reserves: null }]);
  expect(trade(4)).toEqual([TRADES[3]]);
  expect(solOf(market())).toBe(STATES[4]?.virtualSolLamports);
  expect(trade(5)).toEqual([TRADES[4]]);
  expect(market()?.unconfirmed).toBeNull();
});

test('after an interruption a trade that follows on the last one shows that nothing was missed', () => {
  const { trade, guard, keep, market } = setUp();
  trade(1);
  expect(keep(guard.interrupted(1_500))).toHaveLength(1);
  expect(keep(guard.interrupted(1_600))).toEqual([]);
  expect(market()?.unconfirmed).toBe('the feed was interrupted');
  trade(2);
  expect(market()?.unconfirmed).toBeNull();
});

test('where no chain can be asked, five trades in a row do', () => {
  const { trade, guard, market, keep } = setUp({ canRead: false });
  trade(1);
  keep(guard.interrupted(1_500));
  for (const nth of [3, 4, 5, 6, 7]) trade(nth);
  expect(market()?.unconfirmed).toBe('the feed was interrupted');
  trade(8);
  expect(market()?.unconfirmed).toBeNull();
});

test('where it can, they do not', () => {
  const { trade, market } = setUp();
  trade(1);
  for (const nth of [3, 4, 5, 6, 7, 8]) trade(nth);
  expect(market()?.unconfirmed).toBe('trades of it were missed');
});

test('an account that is not known yet is asked for again, less and less often', () => {
  const { trade, guard, keep } = setUp();
  trade(2);
  let at = 10_000;
  const pauses: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    expect(keep(guard.told(MINT, null, at))).toEqual([]);
    let next = at;
    while (guard.due(next, 1, true).length === 0) next += 500;
    pauses.push(next - at);
    at = next;
  }
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test('a quiet token is looked up now and then, and its lost last trade is found', () => {
  const { guard, keep, trade, market } = setUp();
  trade(1);
  expect(guard.due(5_999, 10, true)).toEqual([]);
  expect(guard.due(6_000, 10, true)).toEqual([MINT]);
  expect(keep(guard.told(MINT, account(1), 6_000))).toEqual([]);
  expect(guard.due(10_999, 10, true)).toEqual([]);
  expect(guard.due(11_000, 10, true)).toEqual([MINT]);
  expect(keep(guard.told(MINT, account(2), 11_000))).toMatchObject([
    { kind: 'checked', unconfirmedReason: 'the chain has another state' },
  ]);
  expect(guard.due(12_000, 10, true)).toEqual([MINT]);
  keep(guard.told(MINT, account(2), 12_000));
  expect(market()?.unconfirmed).toBeNull();
  expect(solOf(market())).toBe(STATES[2]?.virtualSolLamports);
});

test('a creation is looked up, and found out', () => {
  const { guard, keep, market } = setUp({ exactCreations: false });
  expect(guard.due(4_999, 10, false)).toEqual([]);
  expect(guard.due(5_000, 10, false)).toEqual([MINT]);
  expect(keep(guard.told(MINT, account(0), 5_100))).toEqual([]);
  expect(keep(guard.told(MINT, account(1), 10_100))).toMatchObject([
    { kind: 'checked', unconfirmedReason: null, state: { status: 'curve' } },
  ]);

  const odd = setUp({ exactCreations: false });
  odd.keep(odd.guard.told(MINT, account(0, { quoteMint: 'pumpCmXqMfrsAkQ5r49WcJnRayYRqmXz6ae8H7H9Dfn' }), 1));
  expect(odd.market()?.untradeable).toBe('it is priced in another asset than SOL');
  expect(market()?.untradeable).toBeNull();
});

test.each([
  ['mayhem', { isMayhem: true }],
  ['30 SOL', { virtualSolLamports: 841_456_831_993n }],
])('an account that tells of %s', (reason, changes) => {
  const { guard, keep, market } = setUp({ exactCreations: false });
  keep(guard.told(MINT, account(0, changes), 1));
  expect(market()?.untradeable).toContain(reason);
  expect(guard.due(1e9, 10, true)).toEqual([]);
});

test('a curve that does not follow its formula is untradeable', () => {
  const bent = setUp();
  const [first] = TRADES;
  if (first === undefined || first.reserves === null) throw new Error('no trade');
  const virtualSolLamports = String(BigInt(first.reserves.virtualSolLamports) + 1_500_000n);
  bent.see({ ...first, reserves: { ...first.reserves, virtualSolLamports } });
  expect(bent.market()?.untradeable).toContain('30 SOL');
  const other = setUp();
  other.see({ ...first, reserves: { ...first.reserves, virtualSolLamports: '4292000000000' } });
  expect(other.market()?.untradeable).toContain('30 SOL');
});

test('a token that migrated unseen stays in doubt until its pool tells its reserves', () => {
  const { trade, guard, keep, see, market } = setUp();
  trade(1);
  keep(guard.interrupted(1_500));
  const gone = account(1, { isComplete: true, virtualTokenUnits: 0n, virtualSolLamports: 0n });
  keep(guard.told(MINT, gone, 2_000));
  expect(market()).toMatchObject({ place: 'pool', unconfirmed: expect.stringContaining('unseen') });
  const [base] = TRADES;
  if (base === undefined) throw new Error('no trade');
  see({ ...base, pool: 'amm', reserves: null });
  expect(market()?.unconfirmed).not.toBeNull();
  see({ ...base, pool: 'amm', reserves: reservesOf(newBondingCurve()) });
  expect(market()?.unconfirmed).toBeNull();
});

test('a curve trade that comes after the migration changes no pool', () => {
  const { see, market } = setUp();
  const [base] = TRADES;
  if (base === undefined) throw new Error('no trade');
  see({ kind: 'migrated', seq: 0, mint: MINT, at: 1, signature: 'm', pool: 'pump-amm' });
  see({ ...base, pool: 'amm', reserves: reservesOf(newBondingCurve()) });
  const before = market();
  const [late] = see(base);
  expect(late).toMatchObject({ tokenUnits: base.tokenUnits, reserves: null });
  expect(market()).toEqual(before);
});

test('tokens of an earlier term are in doubt, those told so already are not told again', () => {
  const row = (mint: string, changes: Partial<StoredTokenMarket> = {}): StoredTokenMarket => ({
    mint,
    status: 'curve',
    reserves: reservesOf(newBondingCurve()),
    untradeableReason: null,
    unconfirmedReason: null,
    lastSeq: 1,
    ...changes,
  });
  const { guard, keep } = setUp();
  const rows = [row('B'), row('C', { unconfirmedReason: 'x' }), row('D', { untradeableReason: 'mayhem' })];
  expect(keep(guard.resume(rows, 10))).toMatchObject([
    { mint: 'B', unconfirmedReason: 'the feed was interrupted' },
  ]);
  expect(guard.unconfirmed()).toBe(2);
  guard.follow(['C']);
  expect(guard.unconfirmed()).toBe(1);
});
