import { createMemoryBus, type MemoryHub } from '@onefeed/bus';
import type { Candle, Signal } from '@onefeed/contracts';
import { createGraph } from '@onefeed/domain';
import { createKit, type Service } from '@onefeed/service-kit';
import { createEventMonitor } from '@onefeed/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { contentsOf, createWorld, ruleOf, type World } from '../test/engine-world.ts';
import { market, START, tokenStory } from '../test/market-script.ts';
import { createAnalysisEngine } from './build.ts';

let world: World;
let engines: Service[] = [];
const monitor = createEventMonitor<never>('engine');

beforeEach(async () => {
  world = await createWorld();
});
afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.stop()));
  engines = [];
  await world.drop();
});

async function startEngine(hub: MemoryHub = world.hub) {
  const kit = createKit({ service: 'analysis-engine', logLevel: 'silent' });
  const engine = createAnalysisEngine(world.url, kit, createMemoryBus(hub, { onSubscriberError: () => {} }));
  engines.push(engine);
  await engine.start();
  return { engine, kit };
}

const leading = (engine: Service) => monitor.waitUntil(() => engine.figures().leader === true);
const taken = (engine: Service, name: 'candlesCursor' | 'tokensCursor', seq: number) =>
  monitor.waitUntil(() => Number(engine.figures()[name]) >= seq);

/** What the rule gives on the candles, the first `history` of them only warming it. */
function recompute(source: string, candles: readonly Candle[], history: number, instrument = 'BTCUSDT') {
  const graph = createGraph();
  graph.addRule({ ...ruleOf(source), venue: 'binance', instrument });
  return candles.flatMap((candle, index) => graph.onCandle(candle, { emit: index >= history }));
}

test('closed candles and token events become stored, published signals with gap-free ids', async () => {
  const heard: Signal[] = [];
  world.bus.subscribe('signals', {
    onEnvelope: (envelope) => heard.push(...(envelope.body as { signals: Signal[] }).signals),
    onCatchUp: () => {},
  });
  const history = market(0, 100);
  await world.storeCandles(history);
  await world.startBot('EMA_CROSS');
  await world.startBot('EMA_CROSS');
  await world.startBot('token entry unique_buyers >= 4');
  const { engine } = await startEngine();
  await leading(engine);
  expect(engine.figures()).toMatchObject({ rules: 2, tokensTracked: 0 });

  const live = market(100, 300);
  for (const candle of live) await world.storeCandles([candle]);
  const events = await world.storeTokenEvents(tokenStory(0, 400));
  await taken(engine, 'candlesCursor', history.length + live.length);
  await taken(engine, 'tokensCursor', events.length);

  const signals = await world.signals();
  expect(contentsOf(signals.filter(({ venue }) => venue === 'binance'))).toEqual(
    contentsOf(recompute('EMA_CROSS', [...history, ...live], history.length)),
  );
  expect(signals.filter(({ venue }) => venue === 'binance').length).toBeGreaterThan(5);
  const tokenSignals = signals.filter(({ venue }) => venue === 'pumpfun');
  expect(tokenSignals.length).toBeGreaterThan(20);
  expect(new Set(tokenSignals.map(({ instrument }) => instrument)).size).toBe(tokenSignals.length);
  expect(signals.map(({ id }) => id)).toEqual(signals.map((_, index) => String(index + 1)));
  await monitor.waitUntil(() => heard.length === signals.length);
  expect(contentsOf(heard)).toEqual(contentsOf(signals));
});

test('streams that running bots need are demanded, and given back on leaving', async () => {
  const { engine } = await startEngine();
  await leading(engine);
  await world.startBot('timeframe 5m entry close > ema(close, 20)@1h', ['BTCUSDT', 'ETHUSDT']);
  const demanded = async () =>
    (
      await world.pool.query<{ stream: string }>(
        "select instrument || ' ' || timeframe as stream from stream_demand where expires_at > now() order by 1",
      )
    ).rows.map(({ stream }) => stream);
  const wanted = ['BTCUSDT 1h', 'BTCUSDT 5m', 'ETHUSDT 1h', 'ETHUSDT 5m'];
  await monitor.waitUntil(async () => (await demanded()).join() === wanted.join());
  await engine.stop();
  expect(await demanded()).toEqual([]);
});

test('history that arrives after the rule was added warms it and gives no signal', async () => {
  const { engine } = await startEngine();
  await leading(engine);
  await world.startBot('EMA_CROSS');
  await monitor.waitUntil(() => engine.figures().rules === 1);
  const now = START + 200 * 60_000;
  world.tellPrices(now);
  const live = market(200, 260);
  const [first] = live;
  if (first === undefined) throw new Error('no candles');
  // The first live candle comes before the history it continues, and the history in pieces, newest piece first.
  await world.storeCandles([first]);
  await world.storeCandles(market(100, 200));
  await world.storeCandles(market(0, 100));
  for (const candle of live.slice(1)) await world.storeCandles([candle]);
  const all = [...market(0, 200), ...live];
  await taken(engine, 'candlesCursor', all.length);
  const expected = recompute('EMA_CROSS', all, market(0, 200).length);
  expect(expected.length).toBeGreaterThan(2);
  // The very first candle could not be judged before its history was there.
  expect(contentsOf(await world.signals())).toEqual(
    contentsOf(expected.filter(({ eventTime }) => eventTime > START + 201 * 60_000)),
  );
});

test('rules come and go while candles flow, and others are not disturbed', async () => {
  await world.storeCandles(market(0, 50));
  await world.startBot('EMA_CROSS');
  const { engine } = await startEngine();
  await leading(engine);
  await world.storeCandles(market(50, 120));
  await taken(engine, 'candlesCursor', market(0, 120).length);
  const added = await world.startBot(
    'timeframe 1m entry close > sma(close, 9) and close@5m > sma(close, 5)@5m',
  );
  await monitor.waitUntil(() => engine.figures().rules === 2);
  await world.storeCandles(market(120, 200));
  await taken(engine, 'candlesCursor', market(0, 200).length);
  await world.stopBots(added);
  await monitor.waitUntil(() => engine.figures().rules === 1);
  const before = (await world.signals()).filter(({ ruleKey }) => ruleKey === added);
  expect(before.length).toBeGreaterThan(3);
  expect(before.every(({ eventTime }) => eventTime > START + 120 * 60_000)).toBe(true);
  await world.storeCandles(market(200, 300));
  await taken(engine, 'candlesCursor', market(0, 300).length);
  const signals = await world.signals();
  expect(signals.filter(({ ruleKey }) => ruleKey === added)).toHaveLength(before.length);
  expect(contentsOf(signals.filter(({ ruleKey }) => ruleKey !== added))).toEqual(
    contentsOf(recompute('EMA_CROSS', market(0, 300), market(0, 50).length)),
  );
});

test('scores are stored, and nothing is scored twice for more bots', async () => {
  for (const threshold of [0.3, 0.4, 0.5]) await world.startBot(`token entry ai_score > ${threshold}`);
  const { engine, kit } = await startEngine();
  await leading(engine);
  const events = await world.storeTokenEvents(tokenStory(0, 400));
  await taken(engine, 'tokensCursor', events.length);
  await monitor.waitUntil(async () => {
    const scored = await world.pool.query('select 1 from tokens where ai_score between 0 and 1');
    return scored.rowCount === 40;
  });
  const text = await kit.metrics.metrics();
  expect(text).toMatch(/^onefeed_engine_rules 3$/m);
  const scored = Number(/^onefeed_engine_tokens_scored_total (\d+)$/m.exec(text)?.[1]);
  expect(scored).toBeGreaterThan(0);
  expect(scored).toBeLessThanOrEqual(events.length);
  expect(text).toMatch(/^onefeed_engine_signals_total\{venue="pumpfun",kind="entry"\} \d+$/m);
});

test('a stored strategy that does not compile is left out and the others go on', async () => {
  await world.storeCandles(market(0, 40));
  const broken = await world.startBot('timeframe 1m entry close > 1');
  await world.pool.query("update bots set strategy_source = 'entry nonsense' where rule_key = $1", [broken]);
  await world.startBot('EMA_CROSS');
  const { engine, kit } = await startEngine();
  await leading(engine);
  expect(engine.figures().rules).toBe(1);
  expect(engine.readiness()).toEqual([]);
  expect(await kit.metrics.metrics()).toMatch(/^onefeed_engine_rules_refused_total 1$/m);
});
