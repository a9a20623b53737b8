import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFollower } from './follower.ts';

type Command =
  | { type: 'publish'; rows: number; lost: boolean; empty: boolean }
  | { type: 'unpublished'; rows: number }
  | { type: 'wake' }
  | { type: 'failRead' }
  | { type: 'failApply' }
  | { type: 'breathe'; turns: number };

const commands: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    type: fc.constant('publish' as const),
    rows: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(1_500)),
    lost: fc.boolean(),
    empty: fc.boolean(),
  }),
  fc.record({ type: fc.constant('unpublished' as const), rows: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ type: fc.constant('wake' as const) }),
  fc.record({ type: fc.constant('failRead' as const) }),
  fc.record({ type: fc.constant('failApply' as const) }),
  fc.record({ type: fc.constant('breathe' as const), turns: fc.integer({ min: 1, max: 4 }) }),
);

async function breathe(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A table with its one writer, a wire that loses what it is told to lose, and a follower of it. */
function createScene(start = 0) {
  const table: number[] = Array.from({ length: start }, (_, index) => index + 1);
  const applied: number[] = [];
  const errors: unknown[] = [];
  const fail = { read: 0, apply: 0 };
  let missed = false;
  let reads = 0;
  let applying = 0;
  const follower = createFollower<number>({
    name: 'test',
    start: BigInt(start),
    cursorOf: BigInt,
    async readAfter(cursor, limit) {
      reads += 1;
      // The statement may see the table as of any moment between call and answer.
      const seenEarly = [...table];
      await breathe(1);
      const seen = reads % 2 === 0 ? seenEarly : table;
      const rows = seen.filter((row) => row > cursor).slice(0, limit);
      if (fail.read-- > 0) throw new Error('read');
      return rows;
    },
    async apply(rows) {
      applying += 1;
      if (applying > 1) throw new Error('two applies at once');
      await breathe(1);
      applying -= 1;
      if (fail.apply-- > 0) throw new Error('apply');
      applied.push(...rows);
    },
    onError: (error) => errors.push(error),
    random: () => 0.5,
    wait: () => breathe(1),
  });
  return {
    table,
    applied,
    errors,
    fail,
    follower,
    reads: () => reads,
    /** Writes rows of which no envelope tells: the writer never learned that its commit was done. */
    writeUnpublished(count: number) {
      for (let index = 0; index < count; index += 1) table.push(table.length + 1);
    },
    /** Writes rows, then publishes them; `lost`: the envelope does not arrive; `empty`: too large to travel. */
    publish(count: number, lost = false, empty = false) {
      const rows = Array.from({ length: count }, (_, index) => table.length + index + 1);
      table.push(...rows);
      if (lost) {
        missed = true;
      } else if (empty) {
        missed = false;
        follower.wake();
      } else {
        follower.offer(rows, !missed);
        missed = false;
      }
    },
  };
}

describe('follower', () => {
  it('applies every row exactly once and in order, whatever mixture comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(commands, { maxLength: 40, size: 'max' }),
        fc.integer({ min: 0, max: 3 }),
        async (list, start) => {
          const scene = createScene(start);
          for (const command of list) {
            if (command.type === 'publish') scene.publish(command.rows, command.lost, command.empty);
            else if (command.type === 'unpublished') scene.writeUnpublished(command.rows);
            else if (command.type === 'wake') scene.follower.wake();
            else if (command.type === 'failRead') scene.fail.read = 1;
            else if (command.type === 'failApply') scene.fail.apply = 1;
            else await breathe(command.turns);
            // At every moment: a prefix of what the table holds after the start.
            expect(scene.applied).toEqual(scene.table.slice(start, start + scene.applied.length));
          }
          scene.follower.wake();
          await scene.follower.settled();
          expect(scene.applied).toEqual(scene.table.slice(start));
          expect(scene.follower.cursor()).toBe(BigInt(scene.table.length));
          expect(
            scene.errors.filter((error) => !['read', 'apply'].includes((error as Error).message)),
          ).toEqual([]);
          await scene.follower.stop();
        },
      ),
      { numRuns: 200 },
    );
  });

  it('reads nothing while news comes without a gap', async () => {
    const scene = createScene();
    scene.publish(2);
    await scene.follower.settled();
    expect(scene.reads()).toBe(1);
    for (let index = 0; index < 20; index += 1) scene.publish(3);
    await scene.follower.settled();
    expect(scene.reads()).toBe(1);
    expect(scene.applied).toEqual(scene.table);
  });

  it('does not step over rows whose writer never learned that they were stored', async () => {
    const scene = createScene();
    scene.publish(2);
    await scene.follower.settled();
    scene.writeUnpublished(1);
    scene.publish(2);
    await scene.follower.settled();
    expect(scene.applied).toEqual([1, 2, 3, 4, 5]);
  });

  it('reads page after page until the table is drained', async () => {
    const scene = createScene();
    scene.publish(3_500);
    await scene.follower.settled();
    expect(scene.reads()).toBe(4);
    expect(scene.applied).toEqual(scene.table);
  });

  it('keeps at most 10000 rows waiting and reads the others from the table', async () => {
    const scene = createScene();
    scene.follower.wake();
    await scene.follower.settled();
    scene.publish(1);
    for (let index = 0; index < 30; index += 1) scene.publish(1_000);
    const readsBefore = scene.reads();
    await scene.follower.settled();
    expect(scene.reads()).toBeGreaterThan(readsBefore);
    expect(scene.applied).toEqual(scene.table);
  });

  it('does no I/O before the first news, and none after the stop', async () => {
    const scene = createScene();
    await breathe(2);
    expect(scene.reads()).toBe(0);
    scene.publish(5);
    await scene.follower.stop();
    const applied = scene.applied.length;
    scene.publish(5);
    scene.follower.wake();
    await scene.follower.settled();
    await breathe(3);
    expect(scene.applied.length).toBe(applied);
  });

  it('does not let a table that is read out of order move the cursor', async () => {
    const applied: number[] = [];
    let reads = 0;
    const follower = createFollower<number>({
      name: 'disorder',
      start: 0n,
      cursorOf: BigInt,
      readAfter: async () => (++reads === 1 ? [2, 1] : [1, 2]),
      apply: async (rows) => void applied.push(...rows),
      onError: (error) => expect(String(error)).toContain('out of order'),
      wait: () => breathe(1),
    });
    follower.wake();
    await follower.settled();
    expect(applied).toEqual([1, 2]);
  });
});
