import { expect, test } from 'vitest';
import { createSerial } from './serial.ts';

test('works run one after the other, and a failed one does not hold up the next', async () => {
  const serial = createSerial();
  const seen: string[] = [];
  const first = Promise.withResolvers<void>();
  const one = serial(async () => {
    seen.push('one begins');
    await first.promise;
    seen.push('one ends');
    throw new Error('one');
  });
  const two = serial(async () => {
    seen.push('two');
    return 2;
  });
  await Promise.resolve();
  first.resolve();
  await expect(one).rejects.toThrow('one');
  expect(await two).toBe(2);
  expect(seen).toEqual(['one begins', 'one ends', 'two']);
});
