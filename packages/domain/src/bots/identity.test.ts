import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hash128 } from './hash128.ts';
import { clientIdOf, orderIdOf, positionIdOf, shardOfBot } from './identity.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const LEGS = [
  'entry',
  'tp',
  'sl',
  'trail',
  'time',
  'signal',
  'user',
  'ladder-0',
  'ladder-19',
  'prog-0',
  'prog-999',
];

describe('hash128', () => {
  it('gives the published values of MurmurHash3 x86 128', () => {
    expect(hash128('')).toBe('00000000000000000000000000000000');
    expect(hash128('The quick brown fox jumps over the lazy dog')).toBe('2f1583c3ecee2c675d7bf66ce5e91d2c');
  });
});

describe('identity', () => {
  it('derives well-formed ids that venues accept', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }), (bot, signal) => {
        const position = positionIdOf(bot, String(signal));
        expect(position).toMatch(UUID);
        for (const leg of LEGS) {
          expect(clientIdOf(position, leg)).toMatch(/^[a-zA-Z0-9-_]{1,36}$/);
          expect(orderIdOf(clientIdOf(position, leg))).toMatch(UUID);
        }
      }),
    );
  });

  it('gives no two causes the same id', () => {
    const ids = new Set<string>();
    for (let bot = 0; bot < 100; bot += 1) {
      for (let signal = 0; signal < 100; signal += 1) {
        const id = positionIdOf(`00000000-0000-4000-8000-${String(bot).padStart(12, '0')}`, String(signal));
        for (const leg of LEGS) ids.add(clientIdOf(id, leg));
      }
    }
    expect(ids.size).toBe(100 * 100 * LEGS.length);
  });

  it('refuses a leg it does not know rather than inventing an id', () => {
    expect(() => clientIdOf(positionIdOf('a', '1'), 'prog-1000')).toThrow(RangeError);
  });

  it('spreads bots over the shards and always the same way', () => {
    const counts = new Array<number>(8).fill(0);
    fc.assert(
      fc.property(fc.uuid(), (bot) => {
        const shard = shardOfBot(bot, 8);
        expect(shard).toBe(shardOfBot(bot, 8));
        counts[shard] = (counts[shard] ?? 0) + 1;
      }),
      { numRuns: 4_000, seed: 1 },
    );
    for (const count of counts) expect(count).toBeGreaterThan(300);
  });
});
