import { type Bus, createPostgresBus } from '@onefeed/bus';
import type { MarketMessage } from '@onefeed/contracts';
import { createPool, type Pool } from '@onefeed/db';
import {
  applyBuy,
  type BondingCurve,
  buyExactSolIn,
  type CurveTrade,
  newBondingCurve,
} from '@onefeed/domain';
import { createKit, readConfig, type Service } from '@onefeed/service-kit';
import { createEventMonitor, createTestDatabase, type TestDatabase } from '@onefeed/testkit';
import { bondingCurveAddress } from '@onefeed/venues';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { buildFeedGateway } from '../build.ts';
import { FeedGatewayConfig } from '../config.ts';
import { addressOf, buyEvent, createEvent, curveAccount } from '../testing/chain-bytes.ts';
import { type ScriptedNode, startScriptedNode } from '../testing/scripted-node.ts';
import { type ScriptedVenue, startScriptedVenue } from '../testing/scripted-venue.ts';

// Real sockets, real pauses between reads: a busy machine takes longer than the default allows.
vi.setConfig({ testTimeout: 30_000 });

const COIN = { mint: 11, creator: 12 };
const MINT = addressOf(COIN.mint);
const TRADER = 13;
const SIGNATURE = '5ZSwbesmn1so7F3EfAEkBcRcMmF38nTB9ycgU4gGwKN73QJD3DpTxRbqE2MB3YqErcvzqoyCPW6f5KtrGuKSEUD';
/** Signatures differ in their last digit. */
const signature = (at: number): string => `${SIGNATURE}${at}`;

interface Step {
  trade: CurveTrade;
  after: BondingCurve;
}
const steps: Step[] = [];
for (let curve = newBondingCurve(); steps.length < 4; ) {
  const trade = buyExactSolIn(curve, 1_000_000_000n);
  if (trade === null) throw new Error('no trade');
  curve = applyBuy(curve, trade);
  steps.push({ trade, after: curve });
}
const step = (nth: number): Step => {
  const found = steps[nth - 1];
  if (found === undefined) throw new Error('no such trade');
  return found;
};

let database: TestDatabase;
let pool: Pool;
let venue: ScriptedVenue;
let node: ScriptedNode;
let service: Service;
let metrics: Registry;
let bus: Bus | null;

beforeEach(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, maxConnections: 3, applicationName: 'test' });
  venue = await startScriptedVenue();
  node = await startScriptedNode();
  bus = null;
});
afterEach(async () => {
  await Promise.all([service.stop(), bus?.stop()]);
  await Promise.all([venue.stop(), node.stop()]);
  await pool.end();
  await database.drop();
});

async function start(change: Record<string, string>): Promise<void> {
  const config = readConfig(FeedGatewayConfig, {
    DATABASE_URL: database.url,
    INTERNAL_PORT: '0',
    BINANCE_WS_URL: `ws://127.0.0.1:${venue.port}`,
    BINANCE_REST_URL: `http://127.0.0.1:${venue.port}`,
    PUMPPORTAL_WS_URL: `ws://127.0.0.1:${venue.port}/api/data`,
    PUMPPORTAL_API_KEY: 'key',
    TIMEFRAMES: '1m',
    HISTORY_CANDLES: '5',
    ...change,
  });
  const kit = createKit({ service: 'feed-gateway', logLevel: 'fatal' });
  metrics = kit.metrics;
  service = buildFeedGateway(config, kit);
  await service.start();
  await until(() => !service.readiness().some((reason) => reason.startsWith('pumpfun')));
}
const rpc = () => `http://127.0.0.1:${node.port}`;
const until = (condition: () => boolean | Promise<boolean>) =>
  createEventMonitor('pumpfun').waitUntil(condition, 20_000);
const token = async () =>
  (
    await pool.query(
      `select virtual_token_units as units, unconfirmed_reason as unconfirmed, untradeable_reason as untradeable
       from tokens where mint = $1`,
      [MINT],
    )
  ).rows[0];
const kinds = async () =>
  (await pool.query("select event->>'kind' as kind from token_events order by seq")).rows.map(
    ({ kind }) => kind,
  );
const figure = async (name: string, labels: Record<string, string> = {}) => {
  const { values } = (await metrics.getSingleMetric(name)?.get()) ?? { values: [] };
  return values
    .filter((value) => Object.entries(labels).every(([label, is]) => value.labels[label] === is))
    .reduce((sum, value) => sum + value.value, 0);
};

const toldByPortal = {
  create: () =>
    venue.pump({
      signature: signature(1),
      mint: MINT,
      traderPublicKey: addressOf(COIN.creator),
      txType: 'create',
      initialBuy: 0,
      solAmount: 0,
      bondingCurveKey: bondingCurveAddress(MINT),
      vTokensInBondingCurve: 1_073_000_000,
      vSolInBondingCurve: 30,
      name: 'coin',
      symbol: 'COIN',
      uri: '',
      is_mayhem_mode: false,
      pool: 'pump',
    }),
  buy: (nth: number) => {
    const { trade, after } = step(nth);
    venue.pump({
      signature: signature(nth + 1),
      mint: MINT,
      traderPublicKey: addressOf(TRADER),
      txType: 'buy',
      tokenAmount: Number(trade.tokenUnits) / 1e6,
      solAmount: Number(trade.solLamports) / 1e9,
      vTokensInBondingCurve: Number(after.virtualTokenUnits) / 1e6,
      vSolInBondingCurve: 32_190_000_000 / (Number(after.virtualTokenUnits) / 1e6),
      pool: 'pump',
    });
  },
};
const toldByChain = {
  create: (quote = 0) => node.log(signature(1), createEvent({ ...COIN, quote }, 'coin')),
  buy: (nth: number) =>
    node.log(signature(nth + 1), buyEvent(COIN, TRADER, step(nth).trade, step(nth).after)),
};

async function listen() {
  const monitor = createEventMonitor<MarketMessage>('market');
  bus = createPostgresBus({
    databaseUrl: database.url,
    instance: 'listener',
    channels: ['market'],
    log: { info() {}, warn() {}, error() {} },
    metrics: new Registry(),
    now: Date.now,
  });
  bus.subscribe('market', {
    onEnvelope: (envelope) => envelope.body !== null && monitor.push(envelope.body as MarketMessage),
    onCatchUp() {},
  });
  await bus.start();
  return monitor;
}

const create = (mint: string, change: object = {}) => ({
  signature: `create${mint}`,
  mint,
  traderPublicKey: 'Creator1',
  txType: 'create',
  initialBuy: 0,
  solAmount: 0,
  vTokensInBondingCurve: 1_073_000_000,
  vSolInBondingCurve: 30,
  name: 'a',
  symbol: 'A',
  uri: '',
  is_mayhem_mode: false,
  pool: 'pump',
  ...change,
});
const buy = (mint: string) => ({
  signature: `buy${mint}`,
  mint,
  traderPublicKey: 'Trader1',
  txType: 'buy',
  tokenAmount: 34_612_903.225806,
  solAmount: 1,
  vTokensInBondingCurve: 1_038_387_096.774194,
  vSolInBondingCurve: 31,
  pool: 'pump',
});

test('token events are stored once, in order, with the state of their tokens, and told', async () => {
  const messages = await listen();
  await start({});
  venue.pump(create('MintA'));
  await until(() => venue.watched.has('MintA'));
  venue.pump(buy('MintA'));
  venue.pump(buy('MintA'));
  venue.pump(create('MintB', { is_mayhem_mode: true }));
  venue.pump({ signature: 'm', mint: 'MintA', txType: 'migrate', pool: 'pump-amm' });
  const rows = async () => (await pool.query('select seq, event from token_events order by seq')).rows;
  await until(async () => (await rows()).length === 4);
  expect((await rows()).map(({ seq, event }) => [Number(seq), event.kind, event.mint])).toEqual([
    [1, 'created', 'MintA'],
    [2, 'traded', 'MintA'],
    [3, 'created', 'MintB'],
    [4, 'migrated', 'MintA'],
  ]);
  const tokens = await pool.query(
    'select mint, status, virtual_sol_lamports as sol from tokens order by mint',
  );
  expect(tokens.rows).toEqual([
    { mint: 'MintA', status: 'migrated', sol: '31000000000' },
    { mint: 'MintB', status: 'curve', sol: '30000000000' },
  ]);
  const told = () =>
    messages.all.flatMap((message) =>
      message.type === 'tokenEvents' ? message.events.map((e) => e.seq) : [],
    );
  await messages.waitUntil(() => told().length === 4);
  expect(told()).toEqual([1, 2, 3, 4]);
  await messages.awaitNext(
    (message) =>
      message.type === 'prices' && message.prices.some((one) => one.price === '0.000000029853991923'),
  );
  expect(venue.watched).toEqual(new Set(['MintA']));
});

test('after a reconnect the young tokens are followed again, on one socket', async () => {
  await start({});
  venue.pump(create('MintA'));
  await until(() => venue.watched.has('MintA'));
  venue.watched.clear();
  venue.cut();
  await until(() => venue.watched.has('MintA'));
  expect(venue.most.pumpfun).toBe(1);
});
/** A token whose first trade was told by PumpPortal. */
async function traded(): Promise<void> {
  toldByPortal.create();
  await until(() => venue.watched.has(MINT));
  toldByPortal.buy(1);
  await until(async () => (await token())?.units === String(step(1).after.virtualTokenUnits));
}

test('after a reconnect a token is in doubt until its account was read, which brings what was missed', async () => {
  await start({ SOLANA_RPC_URL: rpc() });
  await traded();
  expect((await token()).unconfirmed).toBeNull();
  venue.cut();
  await until(async () => (await token()).unconfirmed === 'the feed was interrupted');
  expect(node.reads()).toBe(0);
  node.accounts.set(bondingCurveAddress(MINT) ?? '', curveAccount(step(3).after));
  await until(async () => (await token()).unconfirmed === null);
  expect((await token()).units).toBe(String(step(3).after.virtualTokenUnits));
  expect(await figure('onefeed_feed_tokens_confirmed_total', { by: 'chain' })).toBe(1);
  expect(venue.most.pumpfun).toBe(1);
});

test('without a node a missed trade leaves the token in doubt, and its late arrival ends that', async () => {
  await start({});
  await traded();
  toldByPortal.buy(3);
  await until(async () => (await token()).unconfirmed === 'trades of it were missed');
  expect(await figure('onefeed_feed_token_breaks_total')).toBe(1);
  toldByPortal.buy(2);
  await until(async () => (await token()).unconfirmed === null);
  expect((await token()).units).toBe(String(step(3).after.virtualTokenUnits));
  expect(await kinds()).toEqual(['created', 'traded', 'traded', 'checked', 'traded', 'checked']);
});

test('both sources: each event once, compared, and the better knowledge counts', async () => {
  await start({ PUMPFUN_SOURCE: 'both', SOLANA_RPC_URL: rpc() });
  await until(() => node.sockets.size === 1 && service.figures().upstreamConnectionsPumpfun === 2);
  toldByPortal.create();
  await until(() => venue.watched.has(MINT));
  toldByChain.create();
  toldByChain.buy(1);
  await until(async () => (await kinds()).length === 2);
  toldByPortal.buy(1);
  await until(async () => (await figure('onefeed_feed_source_duplicates_total')) === 2);
  expect(await figure('onefeed_feed_source_differences_total')).toBe(0);
  expect(await figure('onefeed_feed_token_breaks_total')).toBe(0);

  // One of the two goes: nothing is missed, no token is in doubt.
  venue.cut();
  toldByChain.buy(2);
  await until(async () => (await kinds()).length === 3);
  expect(await token()).toEqual({
    units: String(step(2).after.virtualTokenUnits),
    unconfirmed: null,
    untradeable: null,
  });
});

test('both sources: a coin that PumpPortal shows as an ordinary one and the chain does not', async () => {
  await start({ PUMPFUN_SOURCE: 'both', SOLANA_RPC_URL: rpc() });
  await until(() => node.sockets.size === 1 && service.figures().upstreamConnectionsPumpfun === 2);
  toldByPortal.create();
  await until(() => venue.watched.has(MINT));
  toldByChain.create(77);
  await until(async () => (await token()).untradeable !== null);
  expect((await token()).untradeable).toBe('it is priced in another asset than SOL');
  expect(await figure('onefeed_feed_source_differences_total', { field: 'untradeableReason' })).toBe(1);
});

test("the program's logs alone need no key and no socket of PumpPortal", async () => {
  await start({ PUMPFUN_SOURCE: 'solana', SOLANA_WS_URL: `ws://127.0.0.1:${node.port}` });
  toldByChain.create();
  toldByChain.buy(1);
  toldByChain.buy(2);
  await until(async () => (await token())?.units === String(step(2).after.virtualTokenUnits));
  expect(await kinds()).toEqual(['created', 'traded', 'traded']);
  expect(venue.most.pumpfun).toBe(0);
  expect(service.figures()).toMatchObject({ followsTrades: true, pumpfunSource: 'solana' });
});
