import { expect, test } from 'vitest';
import { createScoreWriter } from './score-writer.ts';

function createScores() {
  const written: Record<string, number>[] = [];
  const fail = { next: false };
  const writer = createScoreWriter({
    tokens: {
      async setScores(scores) {
        if (fail.next) throw new Error('no database');
        written.push(Object.fromEntries(scores.map(({ mint, score }) => [mint, score])));
      },
    },
  });
  return { writer, written, fail };
}

test('only the newest score of a token is written, and nothing twice', async () => {
  const { writer, written } = createScores();
  writer.note({ mint: 'a', aiScore: 0.1 });
  writer.note({ mint: 'a', aiScore: 0.2 });
  writer.note({ mint: 'b', aiScore: 0.3 });
  await writer.flush();
  await writer.flush();
  expect(written).toEqual([{ a: 0.2, b: 0.3 }]);
});

test('scores that could not be written come with the next flush, unless there are newer ones', async () => {
  const { writer, written, fail } = createScores();
  writer.note({ mint: 'a', aiScore: 0.1 });
  writer.note({ mint: 'b', aiScore: 0.1 });
  fail.next = true;
  const failing = writer.flush();
  writer.note({ mint: 'b', aiScore: 0.9 });
  await expect(failing).rejects.toThrow('no database');
  fail.next = false;
  await writer.flush();
  expect(written).toEqual([{ a: 0.1, b: 0.9 }]);
});

test('at most 20000 tokens wait, and those keep getting newer scores', async () => {
  const { writer, written } = createScores();
  for (let index = 0; index < 20_001; index++) writer.note({ mint: `${index}`, aiScore: 0.1 });
  writer.note({ mint: '7', aiScore: 0.7 });
  await writer.flush();
  expect(Object.keys(written[0] ?? {})).toHaveLength(20_000);
  expect(written[0]).toMatchObject({ 7: 0.7 });
});
