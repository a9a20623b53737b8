import { feeOf } from '@onefeed/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DATA_ABSENT, readData, readSamples } from '../testing/samples.ts';
import { type LogFrame, mapLogFrame } from './log-mapper.ts';
import { type ChainTrade, decodePumpEvent } from './pump-events.ts';

const AT = 1_790_000_000_000;
const PUMP = '6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P';
const SIGNATURE = '5ZSwbesmn1so7F3EfAEkBcRcMmF38nTB9ycgU4gGwKN73QJD3DpTxRbqE2MB3YqErcvzqoyCPW6f5KtrGuKSEUDh';

const recorded = (readData('pumpfun_logs/logs_subscribe_pumpfun.jsonl') ?? '')
  .split('\n')
  .filter((line) => line !== '')
  .map((line): string => JSON.parse(line).raw);
const withData = recorded.length > 0 ? 'recorded' : DATA_ABSENT;
const eventsOf = (frame: LogFrame) => (frame.kind === 'events' ? frame.events : []);

function rowsOf(name: string): Record<string, string>[] {
  // No field of these files holds a quote; names may hold commas, so only rows of the usual width are taken.
  const [header, ...lines] = (readData(name) ?? '').trim().split('\n');
  const columns = (header ?? '').split(',');
  return lines
    .map((line) => line.split(','))
    .filter((cells) => cells.length === columns.length)
    .map((cells) => Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ''])));
}

test.skipIf(recorded.length === 0)(`${withData}: every frame, and what became of it`, () => {
  const frames = recorded.map((text) => mapLogFrame(text, AT));
  const count = (kind: string) => frames.filter((frame) => frame.kind === kind).length;
  expect([count('subscribed'), count('failed'), count('events'), count('bad')]).toEqual([1, 47, 99, 0]);
  expect(frames.filter((frame) => frame.kind === 'events' && frame.incomplete !== null)).toEqual([]);
  const events = frames.flatMap(eventsOf).map(({ event }) => event);
  const created = events.filter((event) => event.kind === 'created');
  const initial = created.filter((event) => event.initialTokenUnits !== '0');
  expect(created).toHaveLength(19);
  // A creator's own first buy is part of the creation.
  expect(events.filter((event) => event.kind === 'traded').length + initial.length).toBe(93);
  expect(new Set(frames.flatMap(eventsOf).map(({ dedupeKey }) => dedupeKey)).size).toBe(events.length);
});

test.skipIf(recorded.length === 0)(`${withData}: the 93 trades are those that others decoded`, () => {
  const sample = readSamples('pumpfun_trade_events_onchain_2026-07-04.json') as {
    events: Record<string, unknown>[];
  } | null;
  const decoded = recorded.flatMap((text) => {
    const value = JSON.parse(text).params?.result.value;
    if (value === undefined || value.err !== null) return [];
    const lines: string[] = value.logs;
    return lines.flatMap((line) => {
      if (!line.startsWith('Program data: ')) return [];
      const event = decodePumpEvent(Buffer.from(line.slice(14), 'base64'));
      return typeof event === 'object' && event.kind === 'trade'
        ? [{ signature: value.signature, ...event }]
        : [];
    });
  });
  expect(decoded).toHaveLength(93);
  const flat = (trade: ChainTrade & { signature: string }) => ({
    signature: trade.signature,
    mint: trade.mint,
    sol_amount: Number(trade.solLamports),
    token_amount: Number(trade.tokenUnits),
    is_buy: trade.isBuy,
    user: trade.user,
    timestamp: Number(trade.timestamp),
    virtual_sol_reserves: Number(trade.virtualSolLamports),
    virtual_token_reserves: Number(trade.virtualTokenUnits),
    real_sol_reserves: Number(trade.realSolLamports),
    real_token_reserves: Number(trade.realTokenUnits),
    fee_basis_points: Number(trade.feeBps),
    fee: Number(trade.feeLamports),
    creator: trade.creator,
    creator_fee_basis_points: Number(trade.creatorFeeBps),
    creator_fee: Number(trade.creatorFeeLamports),
    ix_name: trade.instruction,
    mayhem_mode: trade.isMayhem,
    cashback_fee_basis_points: Number(trade.cashbackBps),
    cashback: Number(trade.cashbackLamports),
    quote_mint: trade.quoteMint,
  });
  expect(sample?.events).toHaveLength(93);
  expect(decoded.map(flat)).toEqual(
    (sample?.events ?? []).map((event) => expect.objectContaining(flatSample(event))),
  );
  for (const trade of decoded) {
    expect(feeOf(trade.solLamports, trade.feeBps)).toBe(trade.feeLamports);
    expect(feeOf(trade.solLamports, trade.creatorFeeBps)).toBe(trade.creatorFeeLamports);
    expect(feeOf(trade.solLamports, trade.cashbackBps)).toBe(trade.cashbackLamports);
  }
});

/** A sample's fields that are decoded here too. */
function flatSample(event: Record<string, unknown>): Record<string, unknown> {
  const left = ['err', 'buyback_fee_basis_points', 'buyback_fee', 'shareholders', 'quote_amount'];
  const rest = [...left, 'virtual_quote_reserves', 'real_quote_reserves'];
  return Object.fromEntries(Object.entries(event).filter(([name]) => !rest.includes(name)));
}

test.skipIf(recorded.length === 0)(`${withData}: the creations are those that others decoded`, () => {
  const byMint = new Map(
    recorded
      .flatMap((text) => eventsOf(mapLogFrame(text, AT)))
      .flatMap(({ event }) => (event.kind === 'created' ? [[event.mint, event] as const] : [])),
  );
  const rows = rowsOf('pumpfun_logs/create_events.csv');
  expect(rows.length).toBeGreaterThanOrEqual(15);
  for (const row of rows) {
    expect(byMint.get(row.mint ?? '')).toMatchObject({
      signature: row.signature,
      name: row.name,
      symbol: row.symbol,
      uri: row.uri,
      creator: row.user,
    });
  }
  // Hand-checked: created with 1.5 SOL of the creator's own.
  expect(byMint.get('6gbFk1RxAsN3VMw4WUTKvhi2QXsGDBqYCKGrY4umpump')).toMatchObject({
    name: 'inudependence',
    initialTokenUnits: '51095238095238',
    initialSolLamports: '1500000000',
    reserves: { virtualSolLamports: '31500000000', virtualTokenUnits: '1021904761904762' },
    untradeableReason: null,
  });
});

/** Bytes of an event, field by field. */
const u64 = (value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
};
const key = (fill: number) => Buffer.alloc(32, fill);
const text = (value: string) => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Buffer.byteLength(value));
  return Buffer.concat([length, Buffer.from(value)]);
};
const hex = (value: string) => Buffer.from(value, 'hex');
const create = (quote: Buffer, isMayhem: boolean, lamports = 30_000_000_000n) =>
  Buffer.concat([
    hex('1b72a94ddeeb6376'),
    ...[text('a'), text('b'), text('c')],
    ...[key(1), key(2), key(3), key(3), u64(1n), u64(1_073_000_000_000_000n), u64(lamports)],
    ...[
      u64(793_100_000_000_000n),
      u64(1_000_000_000_000_000n),
      key(4),
      Buffer.of(isMayhem ? 1 : 0, 0),
      quote,
    ],
  ]);
const migration = Buffer.concat([
  hex('bde95db95c94ea94'),
  ...[
    key(3),
    key(1),
    u64(206_900_000_000_000n),
    u64(84_990_359_056n),
    u64(15_000_001n),
    key(2),
    u64(1n),
    key(5),
  ],
]);
const complete = Buffer.concat([hex('5f72619cd42e9808'), key(3), key(1), key(2), u64(1n)]);

const notification = (...data: Buffer[]) =>
  notified([
    `Program ${PUMP} invoke [1]`,
    ...data.map((bytes) => `Program data: ${bytes.toString('base64')}`),
    `Program ${PUMP} success`,
  ]);
const notified = (logs: string[], err: unknown = null) => ({
  jsonrpc: '2.0',
  method: 'logsNotification',
  params: { subscription: 1, result: { context: { slot: 5 }, value: { signature: SIGNATURE, err, logs } } },
});
const map = (frame: unknown) => mapLogFrame(JSON.stringify(frame), AT);

test('what cannot be priced safely is marked with the reason', () => {
  const reason = (bytes: Buffer) => {
    const [first] = eventsOf(map(notification(bytes)));
    return first?.event.kind === 'created' ? first.event.untradeableReason : 'no creation';
  };
  expect(reason(create(key(0), false))).toBeNull();
  expect(reason(create(key(0), true))).toContain('mayhem');
  expect(reason(create(key(7), false))).toContain('another asset');
  expect(reason(create(key(0), false, 841_000_000_000n))).toContain('30 SOL');
});

test('a migration tells the reserves with which its pool opens', () => {
  expect(map(notification(complete, migration))).toMatchObject({
    kind: 'events',
    slot: 5,
    passedOver: ['complete'],
    incomplete: null,
    events: [
      { event: { kind: 'migrated', signature: SIGNATURE, pool: 'pump-amm' } },
      {
        event: {
          kind: 'checked',
          unconfirmedReason: null,
          state: {
            status: 'migrated',
            reserves: { virtualSolLamports: '84990359056', virtualTokenUnits: '206900000000000' },
          },
        },
      },
    ],
  });
});

test('failed transactions, other events, cut and broken logs', () => {
  const data = `Program data: ${create(key(0), false).toString('base64')}`;
  const lines = [`Program ${PUMP} invoke [1]`, data, `Program ${PUMP} success`];
  expect(map(notified(lines, { InstructionError: [3, { Custom: 7 }] }))).toEqual({ kind: 'failed' });
  expect(map(notification(hex('6161d7905d92167c00')))).toMatchObject({
    passedOver: ['other_event'],
    events: [],
  });
  const cut = map(notified([...lines.slice(0, 2), 'Log truncated']));
  expect(cut).toMatchObject({ incomplete: 'truncated_log', events: [{ event: { kind: 'created' } }] });
  expect(map(notified([data, ...lines]))).toMatchObject({ events: [{ event: { kind: 'created' } }] });
  expect(map(notified([`Program ${PUMP} success`, ...lines]))).toMatchObject({
    incomplete: 'broken_log',
    events: [],
  });
  expect(map(notification(create(key(0), false).subarray(0, 50)))).toMatchObject({
    incomplete: 'bad_event',
    events: [],
  });
});

test.each([
  ['not_json', 'x'],
  ['unknown_frame', '[]'],
  ['unknown_frame', '7'],
  ['unknown_frame', '{"method":"slotNotification"}'],
  ['unknown_frame', '{"id":1,"result":"x"}'],
  ['wrong_shape', '{"method":"logsNotification","params":{}}'],
  ['wrong_shape', JSON.stringify(notified(['x'])).replace(SIGNATURE, 'a b')],
])('%s: %s', (reason, frame) => {
  expect(mapLogFrame(frame, AT)).toEqual({ kind: 'bad', reason });
});

test('answers to the subscription', () => {
  expect(map({ jsonrpc: '2.0', id: 1, result: 13_117_691 })).toEqual({ kind: 'subscribed', id: 1 });
  expect(map({ jsonrpc: '2.0', id: 1, error: { code: -32602, message: 'Invalid params' } })).toEqual({
    kind: 'error',
    id: 1,
    text: 'Invalid params',
  });
});

const DIGITS = /^\d+$/;
function expectSound(frame: LogFrame): void {
  for (const { event } of eventsOf(frame)) {
    if (event.kind !== 'traded') continue;
    expect(event.tokenUnits).toMatch(DIGITS);
    expect(event.reserves === null || DIGITS.test(event.reserves.virtualSolLamports)).toBe(true);
  }
}

test('no text, no log line and no bytes make the mapper throw', () => {
  const base =
    recorded.length > 0 ? recorded : [JSON.stringify(notification(create(key(0), false), migration))];
  fc.assert(
    fc.property(fc.constantFrom(...base), fc.nat(), fc.nat(60), fc.string(), (whole, at, cut, put) => {
      const from = at % whole.length;
      expectSound(mapLogFrame(whole.slice(0, from) + put + whole.slice(from + cut), AT));
    }),
    { numRuns: 5_000 },
  );
  fc.assert(
    fc.property(fc.json(), (json) => {
      expectSound(mapLogFrame(json, AT));
    }),
    { numRuns: 1_000 },
  );
  const heads = ['bddb7fd34ee661ee', '1b72a94ddeeb6376', '5f72619cd42e9808', 'bde95db95c94ea94', ''];
  fc.assert(
    fc.property(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 500 }), (head, bytes) => {
      expectSound(map(notification(Buffer.concat([hex(head), bytes]))));
    }),
    { numRuns: 3_000 },
  );
});
