import { createMemoryBus, createMemoryHub } from '@onefeed/bus';
import type { SignalDraft, StoredCandle } from '@onefeed/contracts';
import type { ActiveRule } from '@onefeed/db/market';
import { createKit } from '@onefeed/service-kit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { minute, tokenStory } from '../test/market-script.ts';
import { createEngineTerm, type EngineTermDeps } from './engine-term.ts';
import { createEngineMetrics } from './metrics.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const RULE: ActiveRule = {
  ruleKey: 'busy',
  source: 'timeframe 1m entry volume > 1000',
  venue: 'binance',
  instrument: 'BTCUSDT',
};

/** Tables of a world in memory: candles in the order of their seq, and what was written. */
function createTables(volumes: readonly number[]) {
  const candles: StoredCandle[] = volumes.map((volume, index) => ({
    ...minute(index),
    volume: String(volume),
    seq: index + 1,
  }));
  const cursors = new Map<string, number>();
  const signals: SignalDraft[] = [];
  return {
    candles,
    cursors,
    signals,
    rules: [] as ActiveRule[],
    deps(): Omit<EngineTermDeps, 'kit' | 'bus' | 'metrics'> {
      return {
        candles: {
          latest: async ({ timeframe }, limit) =>
            candles.filter((candle) => candle.timeframe === timeframe).slice(-limit),
          readAfterSeq: async (_venue, seq, limit) => candles.filter((one) => one.seq > seq).slice(0, limit),
          newestSeq: async () => candles.length,
        },
        tokenEvents: { readAfterSeq: async () => [], newestSeq: async () => 0 },
        tokens: { setScores: async () => {} },
        signals: {
          count: async () => signals.length,
          async store(_fence, { stream, position }, drafts) {
            cursors.set(stream, position);
            signals.push(...drafts);
            return drafts.map((draft, index) => ({ ...draft, id: String(signals.length + index) }));
          },
        },
        rules: { active: async () => this.rules },
        demand: { renewDemand: async () => {} },
        engineCursors: {
          async readOrCreate(_fence, stream, initial) {
            const position = cursors.get(stream) ?? (await initial());
            cursors.set(stream, position);
            return position;
          },
          newestOpenTimes: async (_venue, seq) => {
            const read = candles.filter((candle) => candle.seq <= seq).map((candle) => candle.openTime);
            return read.length === 0 ? [] : [{ timeframe: '1m', openTime: Math.max(...read) }];
          },
          liveMints: async () => [],
          tokenHistory: async () => [],
        },
        onAnalysing: () => {},
      };
    },
  };
}

async function startTerm(deps: Omit<EngineTermDeps, 'kit' | 'bus' | 'metrics'>) {
  const kit = createKit({ service: 'analysis-engine', logLevel: 'silent' });
  const bus = createMemoryBus(createMemoryHub());
  await bus.start();
  const metrics = createEngineMetrics(kit.metrics, () => null);
  const term = createEngineTerm({ kit, bus, metrics, ...deps });
  const ending = new AbortController();
  const run = term.run({ epoch: 1, signal: ending.signal });
  run.catch(() => {});
  await vi.advanceTimersByTimeAsync(100);
  return { term, run, bus, end: () => ending.abort() };
}

test('a batch whose signals could not be stored is not passed over while the term comes to its end', async () => {
  const tables = createTables([1, 1, 1]);
  tables.rules = [RULE, { ...RULE, ruleKey: 'tokens', source: 'token entry ai_score > 2', venue: 'pumpfun' }];
  const deps = tables.deps();
  const events = tokenStory(0, 400).map((event, index) => ({ ...event, seq: index + 1 }));
  const slowWrite = Promise.withResolvers<void>();
  const { term, run, bus } = await startTerm({
    ...deps,
    tokenEvents: {
      newestSeq: async () => 0,
      readAfterSeq: async (seq, limit) => events.filter((event) => event.seq > seq).slice(0, limit),
    },
    // Something of the term that takes its time to end.
    tokens: { setScores: () => slowWrite.promise },
    signals: {
      ...deps.signals,
      async store(fence, cursor, drafts) {
        if (drafts.length > 0) throw new Error('the connection broke');
        return await deps.signals.store(fence, cursor, drafts);
      },
    },
  });
  await vi.advanceTimersByTimeAsync(3_000);
  expect(term.figures()?.rules).toBe(2);
  tables.candles.push({ ...minute(3), volume: '5000', seq: 4 });
  bus.publish('market', 'candles.binance', null);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(term.figures()).toBeNull();
  slowWrite.resolve();
  await expect(run).rejects.toThrow('the connection broke');
  expect(tables.cursors.get('candles.binance')).toBe(3);
});

test('a first history that comes in several parts, with nothing known of the time, gives no signal', async () => {
  const tables = createTables([]);
  tables.rules = [RULE];
  const { run, bus, end } = await startTerm(tables.deps());
  const store = async (volumes: readonly number[]) => {
    for (const volume of volumes) {
      const index = tables.candles.length;
      tables.candles.push({ ...minute(index), volume: String(volume), seq: index + 1 });
    }
    bus.publish('market', 'candles.binance', null);
    await vi.advanceTimersByTimeAsync(100);
  };
  await store([1, 5000, 1]);
  await store([1, 5000, 1]);
  await store([1, 5000, 1]);
  expect(tables.signals).toEqual([]);
  // The venue's time is known: what closes from now on is live.
  const at = minute(tables.candles.length).openTime;
  bus.publish('market', 'prices.binance', { type: 'prices', venue: 'binance', at, prices: [] });
  await store([1, 5000]);
  expect(tables.signals.map(({ eventTime }) => eventTime)).toEqual([at + 120_000]);
  end();
  await run;
});
