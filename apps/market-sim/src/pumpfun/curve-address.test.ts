import { describe, expect, it } from 'vitest';
import { base58, base58Bytes } from './address.ts';
import { bondingCurveAddress } from './curve-address.ts';

/** Mints and curve keys of recorded create frames. */
const RECORDED = [
  ['24DUUJB1gT27TdbqvuLBUZqKJR1xbpFwTfNVoroWxq1P', 'A5UrnigxruyYtXd3W5JGtpXfxt2J92YCGFro4mTrZLLX'],
  ['3YUHe7XNxUC63NTMH4mDMi2Kox8TkJRGsjfAvLYXuKmK', '2dh3H5tmUE5trN5u8A1ZJWDzaxz9uLKUCsKETbdCnCtp'],
  ['5qjtQiCeNQogALJpsDLvW4gV3jUkGP52T1eQJ2Dr1yzr', '2JtsxDDQa4rCD6rQr5LkwcKJbsg8vPf95a4ufje4g4W8'],
  ['4ov9rwwS4iBHeTWGCrVaQYW1HzWK51MSfs8csGAApump', '9wHQUhvsYH9z5PceXkBxy1gbc6ZTU3vbMBHgA3cE8PqJ'],
  ['EVQSX4EQFP8VtS5KDfwkQYJCiVoB3bvJbuooV7Qzpump', '9fYSQGMDMnG2KDWU2Vk1chHWXEXSSzArqVNEqBDygtCn'],
] as const;

describe('the address of a bonding curve', () => {
  it.each(RECORDED)('of %s is %s', (mint, key) => {
    expect(bondingCurveAddress(mint)).toBe(key);
  });

  it('goes through base58 and back', () => {
    for (const [mint] of RECORDED) expect(base58(base58Bytes(mint))).toBe(mint);
    expect(base58(Uint8Array.of(0, 0, 1))).toBe('112');
    expect([...base58Bytes('112')]).toEqual([0, 0, 1]);
  });
});
