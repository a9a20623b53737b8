const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const VALUES: ReadonlyMap<string, bigint> = new Map(
  [...ALPHABET].map((digit, value) => [digit, BigInt(value)]),
);
/** A signature of 64 bytes has at most 88 digits; nothing longer is written in base58 here. */
const MAX_DIGITS = 88;

/** Base58 as Solana writes keys and signatures: big-endian, a leading zero byte is a leading 1. */
export function base58(bytes: Uint8Array): string {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  let text = '';
  for (; value > 0n; value /= 58n) text = ALPHABET.charAt(Number(value % 58n)) + text;
  let zeros = 0;
  while (bytes[zeros] === 0) zeros += 1;
  return '1'.repeat(zeros) + text;
}

/** The bytes of a base58 text; null when it is none, or too long for a signature. */
export function base58Bytes(text: string): Uint8Array | null {
  if (text.length > MAX_DIGITS) return null;
  let value = 0n;
  for (const digit of text) {
    const at = VALUES.get(digit);
    if (at === undefined) return null;
    value = value * 58n + at;
  }
  const bytes: number[] = [];
  for (; value > 0n; value >>= 8n) bytes.push(Number(value & 255n));
  let zeros = 0;
  while (text.charAt(zeros) === '1') zeros += 1;
  return Uint8Array.from([...new Array<number>(zeros).fill(0), ...bytes.reverse()]);
}
