import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base58, base58Bytes } from './base58.ts';
import { bondingCurveAddress } from './program-address.ts';

test("a mint's curve account, as read from the chain", () => {
  expect(bondingCurveAddress('AF2N5wKk7f34PtFQAyHcXJMGqyS6NQyX1MEK66XGpump')).toBe(
    '62fS3V2k1MGPvosLvzde5vbrXNQnwN5JAf4Y24mSnJzq',
  );
  expect(bondingCurveAddress('6gbFk1RxAsN3VMw4WUTKvhi2QXsGDBqYCKGrY4umpump')).toBe(
    '8i4SjUsjpj16zD8MLWFi4PMZq9XQpPJG3tTYXr7xoL4o',
  );
  expect(bondingCurveAddress('2bTEEruUggcJh119Q6ygSmgkHbJdyPoE9kd6HWA9pump')).toBe(
    'DA8knqotzcouguCZZJAY9HojgpEHthCHU22MCDrt7uoa',
  );
});

test('what is not a key has no curve', () => {
  for (const text of ['', 'pump', '0OIl', 'a b', '1'.repeat(33), 'z'.repeat(89)]) {
    expect(bondingCurveAddress(text)).toBeNull();
  }
});

test('base58 and back', () => {
  expect(base58(new Uint8Array(32))).toBe('1'.repeat(32));
  expect(base58(Uint8Array.of(0, 0, 40, 127, 180, 205))).toBe('11233QC4');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(base58Bytes(base58(bytes))).toEqual(bytes);
    }),
  );
});
