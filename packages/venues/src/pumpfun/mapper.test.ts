import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSamples, SAMPLES_ABSENT } from '../testing/samples.ts';
import { mapPumpFrame } from './mapper.ts';
import { LAMPORTS_PER_SOL, toBaseUnits, UNITS_PER_TOKEN } from './units.ts';

const AT = 1_790_000_000_000;
const CREATE = {
  signature: 'sigCreate',
  mint: 'MintA1pump',
  traderPublicKey: 'Trader1',
  txType: 'create',
  initialBuy: 62_324_960.753532,
  solAmount: 1.85,
  bondingCurveKey: 'Curve1',
  vTokensInBondingCurve: 1_010_675_039.246468,
  vSolInBondingCurve: 31.849999999999994,
  marketCapSol: 31.513591177384267,
  name: 'PALMO',
  symbol: 'PALMO',
  uri: 'https://example.com/a',
  is_mayhem_mode: false,
  pool: 'pump',
};
const TRADE = {
  signature: 'sigTrade',
  mint: 'MintA1pump',
  traderPublicKey: 'Trader2',
  txType: 'buy',
  tokenAmount: 361_368.237917,
  solAmount: 0.011140727,
  newTokenBalance: 361_368.237917,
  bondingCurveKey: 'Curve1',
  vTokensInBondingCurve: 1_021_649_496.746058,
  vSolInBondingCurve: 31.507870460979802,
  marketCapSol: 30.840195743581347,
  pool: 'pump',
};
const map = (frame: unknown) => mapPumpFrame(JSON.stringify(frame), AT);

test('a create has exact base units in spite of float noise', () => {
  expect(map(CREATE)).toEqual({
    kind: 'event',
    dedupeKey: 'create:MintA1pump:sigCreate',
    event: {
      kind: 'created',
      seq: 0,
      mint: 'MintA1pump',
      at: AT,
      signature: 'sigCreate',
      creator: 'Trader1',
      name: 'PALMO',
      symbol: 'PALMO',
      uri: 'https://example.com/a',
      initialTokenUnits: '62324960753532',
      initialSolLamports: '1850000000',
      reserves: { virtualSolLamports: '31850000000', virtualTokenUnits: '1010675039246468' },
      untradeableReason: null,
    },
  });
});

test('a trade on the curve, after graduation, and in the reduced form', () => {
  expect(map(TRADE)).toMatchObject({
    kind: 'event',
    dedupeKey: 'buy:MintA1pump:sigTrade:Trader2:361368237917:11140727',
    event: {
      kind: 'traded',
      side: 'buy',
      pool: 'curve',
      tokenUnits: '361368237917',
      solLamports: '11140727',
      reserves: { virtualSolLamports: '31507870461', virtualTokenUnits: '1021649496746058' },
    },
  });
  expect(map({ ...TRADE, pool: 'pump-amm', tokensInPool: 206_900_000, solInPool: 85 })).toMatchObject({
    event: {
      pool: 'amm',
      reserves: { virtualSolLamports: '85000000000', virtualTokenUnits: '206900000000000' },
    },
  });
  const { signature, mint, traderPublicKey, tokenAmount, solAmount } = TRADE;
  expect(map({ signature, mint, traderPublicKey, txType: 'sell', tokenAmount, solAmount })).toMatchObject({
    event: { side: 'sell', pool: 'amm', reserves: null },
  });
});

test('several trades under one signature are several events', () => {
  const first = map(TRADE);
  const second = map({ ...TRADE, solAmount: 0.02 });
  expect(first.kind === 'event' && second.kind === 'event' && first.dedupeKey !== second.dedupeKey).toBe(
    true,
  );
});

test('a migration', () => {
  expect(map({ signature: 's', mint: 'MintA1pump', txType: 'migrate', pool: 'pump-amm' })).toEqual({
    kind: 'event',
    dedupeKey: 'migrate:MintA1pump:s',
    event: { kind: 'migrated', seq: 0, mint: 'MintA1pump', at: AT, signature: 's', pool: 'pump-amm' },
  });
});

test('what cannot be priced safely is marked', () => {
  expect(map({ ...CREATE, is_mayhem_mode: true })).toMatchObject({
    event: { untradeableReason: expect.stringContaining('mayhem') },
  });
  expect(map({ ...CREATE, vSolInBondingCurve: 4_292 })).toMatchObject({
    event: { untradeableReason: expect.stringContaining('30 SOL') },
  });
});

test('a frame that names another account than the curve of its mint', () => {
  const mint = '6gbFk1RxAsN3VMw4WUTKvhi2QXsGDBqYCKGrY4umpump';
  const bondingCurveKey = '8i4SjUsjpj16zD8MLWFi4PMZq9XQpPJG3tTYXr7xoL4o';
  expect(map({ ...CREATE, mint, bondingCurveKey })).toMatchObject({ event: { untradeableReason: null } });
  expect(map({ ...CREATE, mint, bondingCurveKey: null })).toMatchObject({
    event: { untradeableReason: null },
  });
  expect(map({ ...CREATE, mint, bondingCurveKey: `${bondingCurveKey.slice(1)}x` })).toMatchObject({
    event: { untradeableReason: expect.stringContaining('another account') },
  });
});

test('what is not for us is dropped with its reason', () => {
  expect(map({ ...CREATE, pool: 'bonk' })).toEqual({ kind: 'dropped', reason: 'other_pool' });
  expect(map({ ...TRADE, pool: 'raydium' })).toEqual({ kind: 'dropped', reason: 'other_pool' });
  expect(map({ ...CREATE, mint: 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v' })).toEqual({
    kind: 'dropped',
    reason: 'quote_mint',
  });
});

test.each([
  ['not_json', 'x'],
  ['unknown_frame', '[]'],
  ['unknown_frame', '{}'],
  ['unknown_frame', '{"txType":"burn"}'],
  ['unknown_frame', '{"message":5}'],
  ['wrong_shape', JSON.stringify({ ...CREATE, solAmount: '1.85' })],
  ['wrong_shape', JSON.stringify({ ...CREATE, mint: undefined })],
  ['wrong_shape', JSON.stringify({ ...TRADE, tokenAmount: -1 })],
  ['wrong_shape', JSON.stringify({ ...TRADE, mint: 'a b' })],
  ['wrong_shape', JSON.stringify({ txType: 'migrate', mint: 'M', signature: 's' })],
  ['amount_out_of_range', JSON.stringify({ ...TRADE, tokenAmount: 1e300 })],
  ['amount_out_of_range', JSON.stringify({ ...TRADE, vSolInBondingCurve: 0 })],
  ['missing_reserves', JSON.stringify({ ...TRADE, vSolInBondingCurve: undefined })],
])('%s: %s', (reason, text) => {
  expect(mapPumpFrame(text, AT)).toEqual({ kind: 'bad', reason });
});

test('names are bounded and storable', () => {
  const frame = map({ ...CREATE, name: `a\u0000b\ud800${'x'.repeat(500)}`, symbol: null, uri: undefined });
  expect(frame).toMatchObject({ event: { symbol: '', uri: '' } });
  const name = frame.kind === 'event' && frame.event.kind === 'created' ? frame.event.name : '';
  expect(name).toHaveLength(128);
  expect(name.startsWith('ab\ufffdx')).toBe(true);
});

test('amounts in base units survive the way through floats', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 1_000_000_000_000_000n }), (units) => {
      const ui = Number(units) / UNITS_PER_TOKEN;
      expect(toBaseUnits(ui, UNITS_PER_TOKEN)).toBe(String(units));
    }),
  );
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 1_000_000_000_000n }),
      fc.integer({ min: -1, max: 1 }),
      (lamports, ulp) => {
        // One unit of noise in the last place of the float, as in 31.849999999999994.
        const sol = (Number(lamports) / LAMPORTS_PER_SOL) * (1 + ulp * Number.EPSILON);
        expect(toBaseUnits(sol, LAMPORTS_PER_SOL)).toBe(String(lamports));
      },
    ),
  );
  expect(toBaseUnits(Number.NaN, 1)).toBeNull();
  expect(toBaseUnits(-1, 1)).toBeNull();
  expect(toBaseUnits(-0, 1)).toBe('0');
});

test('no text makes the mapper throw', () => {
  const base = [CREATE, TRADE].map((frame) => JSON.stringify(frame));
  fc.assert(
    fc.property(
      fc.json(),
      fc.constantFrom(...base),
      fc.nat(),
      fc.nat(60),
      fc.string(),
      (json, whole, at, cut, put) => {
        const from = at % whole.length;
        for (const text of [json, whole.slice(0, from) + put + whole.slice(from + cut)]) {
          const frame = mapPumpFrame(text, AT);
          if (frame.kind === 'event' && frame.event.kind === 'traded') {
            expect(frame.event.tokenUnits).toMatch(/^\d+$/);
          }
        }
      },
    ),
    { numRuns: 5_000 },
  );
});

test('any value in any field is mapped or refused', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(CREATE), ...Object.keys(TRADE)),
      fc.anything(),
      (field, value) => {
        for (const frame of [CREATE, TRADE]) {
          const text = JSON.stringify({ ...frame, [field]: value }, (_, one) =>
            typeof one === 'bigint' ? String(one) : one,
          );
          expect(mapPumpFrame(text, AT).kind).toBeTypeOf('string');
        }
      },
    ),
    { numRuns: 3_000 },
  );
});

interface Recorded {
  frames: { kind?: string; frame: Record<string, unknown> }[];
}
const events = readSamples('pumpportal_events_2026-09-28.json') as Recorded | null;
test.skipIf(events === null)(events === null ? SAMPLES_ABSENT : 'recorded events', () => {
  const mapped = (events?.frames ?? []).map(({ frame }) => map(frame));
  expect(mapped.map((frame) => (frame.kind === 'event' ? frame.event.kind : frame.kind))).toEqual([
    'dropped',
    'migrated',
    'created',
    'created',
    'created',
    'created',
    'created',
    'created',
    'created',
    'migrated',
    'created',
  ]);
  expect(mapped[0]).toEqual({ kind: 'dropped', reason: 'other_pool' });
  const reserves = mapped.flatMap((frame) =>
    frame.kind === 'event' && frame.event.kind === 'created'
      ? [[frame.event.reserves.virtualSolLamports, frame.event.reserves.virtualTokenUnits]]
      : [],
  );
  expect(reserves).toEqual([
    ['31850000000', '1010675039246468'],
    ['34000000000', '946764705882353'],
    ['30059643245', '1070870992630315'],
    ['30000000000', '1073000000000000'],
    ['30000000000', '1073000000000000'],
    ['30059259258', '1070884672297204'],
    ['115005359057', '279900000000000'],
    ['30076472244', '1070271797142363'],
  ]);
  const untradeable = mapped.flatMap((frame) =>
    frame.kind === 'event' && frame.event.kind === 'created' && frame.event.untradeableReason !== null
      ? [[frame.event.mint.slice(0, 6), frame.event.untradeableReason.slice(0, 11)]]
      : [],
  );
  // The second is a coin whose frame names neither it nor its curve; AI6 Agent Cat (EVQSX4) cannot be told.
  expect(untradeable).toEqual([
    ['AF2N5w', 'mayhem mode'],
    ['cPW1Zr', 'the venue n'],
    ['GJNVxx', 'mayhem mode'],
  ]);
});

const trades = readSamples('pumpportal_trades.json') as Recorded | null;
test.skipIf(trades === null)(trades === null ? SAMPLES_ABSENT : 'recorded trades', () => {
  const mapped = (trades?.frames ?? []).map(({ frame }) => map(frame));
  expect(mapped.slice(0, 3)).toMatchObject([
    { event: { side: 'buy', tokenUnits: '30589322786086', solLamports: '2629842459' } },
    { event: { side: 'buy', tokenUnits: '361368237917', solLamports: '11140727' } },
    { event: { side: 'sell', tokenUnits: '72625000000', solLamports: '2054500' } },
  ]);
  expect(mapped.slice(3)).toMatchObject([
    { event: { kind: 'created', untradeableReason: null } },
    { kind: 'dropped', reason: 'other_pool' },
  ]);
});

interface Session {
  exchange: { in?: unknown }[];
}
const session = readSamples('pumpportal_control_messages_2026-09-28.json') as Session | null;
test.skipIf(session === null)(session === null ? SAMPLES_ABSENT : 'a recorded session without a key', () => {
  const kinds = (session?.exchange ?? []).flatMap((step) => ('in' in step ? [map(step.in).kind] : []));
  expect(kinds).toEqual([
    'acknowledged',
    'acknowledged',
    'tradesRefused',
    'tradesRefused',
    'acknowledged',
    'errors',
  ]);
});
