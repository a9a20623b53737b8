import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DATA_ABSENT, readData, readSamples, SAMPLES_ABSENT } from '../testing/samples.ts';
import { decodeCurveAccount } from './curve-account.ts';

interface RecordedAccount {
  pubkey: string;
  data_b64: string;
}

const recorded = readData('pumpfun_logs/curve_accounts.json');
test.skipIf(recorded === null)(recorded === null ? DATA_ABSENT : 'the recorded curve accounts', () => {
  const accounts: RecordedAccount[] = JSON.parse(recorded ?? '[]');
  const decoded = new Map(
    accounts.map(({ pubkey, data_b64 }) => [pubkey, decodeCurveAccount(Buffer.from(data_b64, 'base64'))]),
  );
  expect(decoded.size).toBe(17);
  expect([...decoded.values()].filter((account) => account === null)).toEqual([]);
  // Read off the bytes by hand: 151 bytes, ordinary, traded.
  expect(decoded.get('3oJboWK4hg7UotjmyWqUWPiPnFhtVQyrhGjYS7W6aJue')).toEqual({
    virtualTokenUnits: 983_750_573_068_631n,
    virtualSolLamports: 32_721_709_077n,
    realTokenUnits: 703_850_573_068_631n,
    realSolLamports: 2_721_709_077n,
    supplyUnits: 1_000_000_000_000_000n,
    isComplete: false,
    creator: '7RcsNPSe2x9a77CgbVzzkgxqLYDaCKnVdpXXpYTXvHFh',
    isMayhem: false,
    quoteMint: '11111111111111111111111111111111',
  });
  // Mayhem: 5.9 SOL virtual.
  expect(decoded.get('Bh2rcx4Bo4UhhMD3n1MKwjtmJ4ycYPp3tNCAKpgGKBC3')).toMatchObject({
    virtualSolLamports: 5_914_776_083n,
    realSolLamports: 96_431_629n,
    isMayhem: true,
  });
  // Migrated: complete, all reserves zero; 115 bytes.
  expect(decoded.get('uvzo6ApG2eksJrZnKBo6XNdxfVB5fnqAbe4XsrLuoTw')).toMatchObject({
    virtualTokenUnits: 0n,
    virtualSolLamports: 0n,
    isComplete: true,
  });
  const mayhem = [...decoded.values()].filter((account) => account?.isMayhem === true);
  expect(mayhem).toHaveLength(4);
  for (const account of decoded.values()) {
    if (account === null || account.isComplete) continue;
    expect(account.virtualTokenUnits - account.realTokenUnits).toBe(279_900_000_000_000n);
  }
});

interface Curves {
  curves: Record<string, string | boolean>[];
}

/** The account of a curve, byte by byte as the program lays it out. */
function encode(curve: Record<string, string | boolean>): Buffer {
  const u64 = (value: unknown) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(String(value)));
    return bytes;
  };
  const quote = Buffer.alloc(32, curve.quote_mint === '11111111111111111111111111111111' ? 0 : 7);
  return Buffer.concat([
    Buffer.from('17b7f83760d8ac60', 'hex'),
    u64(curve.virtual_token_reserves),
    u64(curve.virtual_quote_reserves),
    u64(curve.real_token_reserves),
    u64(curve.real_quote_reserves),
    u64('1000000000000000'),
    Buffer.of(curve.complete === true ? 1 : 0),
    Buffer.alloc(32, 9),
    Buffer.of(curve.is_mayhem_mode === true ? 1 : 0, 0),
    quote,
    u64(curve.creator_fee_bps ?? 0),
  ]);
}

const sample = readSamples('pumpfun_onchain_curves_2026-09-28.json') as Curves | null;
test.skipIf(sample === null)(
  sample === null ? SAMPLES_ABSENT : 'the decoded mainnet curves of the samples',
  () => {
    const decoded = (sample?.curves ?? []).map((curve) => decodeCurveAccount(encode(curve)));
    expect(
      decoded.map((account) => [
        account?.virtualSolLamports,
        account?.virtualTokenUnits,
        account?.isComplete,
        account?.isMayhem,
        account?.quoteMint === '11111111111111111111111111111111',
      ]),
    ).toEqual([
      [30_126_676_911n, 1_068_488_241_635_014n, false, false, true],
      [3_705_530_380n, 1_017_443_926_749_011n, false, true, true],
      [7_088_086_457n, 1_072_334_709_036_614n, false, true, true],
      [841_456_831_993n, 1_073_000_000_000_000n, false, false, false],
      [0n, 0n, true, false, true],
    ]);
  },
);

test('accounts of older programs end early; anything else is no curve', () => {
  const whole = encode({
    virtual_token_reserves: '1',
    virtual_quote_reserves: '2',
    real_token_reserves: '3',
    real_quote_reserves: '4',
    quote_mint: 'other',
    is_mayhem_mode: true,
  });
  expect(decodeCurveAccount(whole.subarray(0, 49))).toMatchObject({ creator: '', isMayhem: false });
  expect(decodeCurveAccount(whole.subarray(0, 82))).toMatchObject({ isMayhem: true });
  for (let length = 0; length < 49; length += 1) {
    expect(decodeCurveAccount(whole.subarray(0, length))).toBeNull();
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(decodeCurveAccount(bytes)).toBeNull();
    }),
  );
});
