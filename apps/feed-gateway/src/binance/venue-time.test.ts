import { expect, test } from 'vitest';
import { createVenueTime } from './venue-time.ts';

test('who asks while a request is on its way shares the next one', async () => {
  const answers: ((time: number) => void)[] = [];
  const time = createVenueTime(
    { time: () => new Promise((resolve) => answers.push(resolve)) },
    new AbortController().signal,
  );
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const first = time.read();
  await turn();
  const later = [time.read(), time.read()];
  await turn();
  expect(answers).toHaveLength(1);
  answers[0]?.(1);
  expect(await first).toBe(1);
  await turn();
  expect(answers).toHaveLength(2);
  answers[1]?.(2);
  expect(await Promise.all(later)).toEqual([2, 2]);
});

test('a failed request fails those who shared it and nobody after them', async () => {
  let calls = 0;
  const time = createVenueTime(
    {
      time: async () => {
        calls += 1;
        if (calls === 1) throw new Error('no answer');
        return calls;
      },
    },
    new AbortController().signal,
  );
  await expect(time.read()).rejects.toThrow('no answer');
  expect(await time.read()).toBe(2);
});
