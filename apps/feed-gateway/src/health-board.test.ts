import { createMemoryBus, createMemoryHub } from '@onefeed/bus';
import type { FeedTrouble, InstrumentHealth } from '@onefeed/contracts';
import { expect, test } from 'vitest';
import { createHealthBoard } from './health-board.ts';

async function setUp(stored: { instrument: string; trouble: FeedTrouble; since: number }[] = []) {
  const written: InstrumentHealth[][] = [];
  const heard: InstrumentHealth[][] = [];
  let failing = false;
  const bus = createMemoryBus(createMemoryHub());
  await bus.start();
  bus.subscribe('market', {
    onEnvelope: ({ body }) => heard.push((body as { changes: InstrumentHealth[] }).changes),
    onCatchUp() {},
  });
  const board = createHealthBoard({
    venue: 'binance',
    health: {
      troubled: async () => stored,
      async change(_fence, _venue, changes) {
        if (failing) throw new Error('no database');
        written.push([...changes]);
      },
    },
    fence: { role: 'feed:binance', epoch: 1 },
    bus,
  });
  const tell = (troubles: Record<string, FeedTrouble>, at: number) =>
    board.tell(new Map(Object.entries(troubles)), at);
  return { tell, written, heard, fail: (on: boolean) => (failing = on) };
}

test('only changes are told, written first; a trouble that changes its name keeps its beginning', async () => {
  const { tell, written, heard } = await setUp();
  await tell({ BTCUSDT: 'incomplete' }, 1);
  await tell({ BTCUSDT: 'incomplete' }, 2);
  await tell({ BTCUSDT: 'overdue', ETHUSDT: 'hole' }, 3);
  await tell({ ETHUSDT: 'hole' }, 4);
  expect(written).toEqual([
    [{ instrument: 'BTCUSDT', trouble: 'incomplete', since: 1 }],
    [
      { instrument: 'BTCUSDT', trouble: 'overdue', since: 1 },
      { instrument: 'ETHUSDT', trouble: 'hole', since: 3 },
    ],
    [{ instrument: 'BTCUSDT', trouble: null, since: 4 }],
  ]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toEqual(written);
});

test('what a predecessor left is taken back when it is not true any more', async () => {
  const { tell, written } = await setUp([
    { instrument: 'BTCUSDT', trouble: 'overdue', since: 5 },
    { instrument: 'GONE', trouble: 'hole', since: 5 },
  ]);
  await tell({ BTCUSDT: 'overdue' }, 9);
  expect(written).toEqual([[{ instrument: 'GONE', trouble: null, since: 9 }]]);
});

test('what could not be written is not told and tried again', async () => {
  const { tell, written, heard, fail } = await setUp();
  fail(true);
  await expect(tell({ BTCUSDT: 'hole' }, 1)).rejects.toThrow('no database');
  expect(heard).toEqual([]);
  fail(false);
  await tell({ BTCUSDT: 'hole' }, 2);
  expect(written).toHaveLength(1);
});
