import type { StoredCandle } from '@onefeed/contracts';
import { parseStrategy } from '@onefeed/domain';
import { expect, test } from 'vitest';
import { minute } from '../test/market-script.ts';
import { createCandleStage } from './candle-stage.ts';
import { createMarketTime } from './market-time.ts';

const stored = (index: number): StoredCandle => ({ ...minute(index), seq: index + 1 });

/** How often the event loop came round while the work ran. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let done = false;
  const turn = () => {
    turns++;
    if (!done) setImmediate(turn);
  };
  setImmediate(turn);
  await work.finally(() => {
    done = true;
  });
  return turns;
}

async function createBusyStage(history: readonly StoredCandle[], cursor: number) {
  const stage = createCandleStage({
    venue: 'binance',
    candles: { latest: async (_series, limit) => history.slice(-limit) },
    marketTime: createMarketTime(),
    cursor,
    newestCloseTime: undefined,
    onRebuild: () => {},
  });
  for (let period = 2; period < 302; period++) {
    const parsed = parseStrategy(`timeframe 1m entry close > ema(close, ${period})`);
    if (!parsed.ok) throw new Error('not a strategy');
    await stage.add({ ruleKey: `${period}`, strategy: parsed.strategy, instrument: 'BTCUSDT' });
  }
  return stage;
}

test('a long batch for many rules lets others run in between', async () => {
  const stage = await createBusyStage([], 0);
  const batch = Array.from({ length: 1_000 }, (_, index) => stored(index));
  const turns = await turnsDuring(stage.take(batch));
  expect(stage.stats().evaluations).toBeGreaterThan(500_000);
  expect(turns).toBeGreaterThanOrEqual(10);
});

test('an instrument with many rules is computed anew in steps', async () => {
  const table = Array.from({ length: 1_000 }, (_, index) => stored(index));
  const stage = await createBusyStage(table, 1_000);
  // Stored long ago, found only now.
  const late = { ...stored(500), seq: 1_001 };
  const before = stage.stats().evaluations;
  const turns = await turnsDuring(stage.take([late]));
  expect(stage.stats().evaluations - before).toBeGreaterThan(500_000);
  expect(turns).toBeGreaterThanOrEqual(10);
});
