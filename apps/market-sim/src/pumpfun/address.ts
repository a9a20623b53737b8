import { hash32 } from '../random.ts';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Base58 as Solana writes keys and signatures. */
export function base58(bytes: Uint8Array): string {
  let text = '';
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  while (value > 0n) {
    text = (ALPHABET[Number(value % 58n)] ?? '') + text;
    value /= 58n;
  }
  for (const byte of bytes) {
    if (byte !== 0) break;
    text = `1${text}`;
  }
  return text;
}

/** The bytes of a base58 text; leading ones are zero bytes. */
export function base58Bytes(text: string): Uint8Array {
  let value = 0n;
  for (const digit of text) {
    const index = ALPHABET.indexOf(digit);
    if (index < 0) throw new Error(`"${digit}" is not a base58 digit`);
    value = value * 58n + BigInt(index);
  }
  const bytes: number[] = [];
  for (; value > 0n; value >>= 8n) bytes.unshift(Number(value & 255n));
  const zeros = /^1*/.exec(text)?.[0].length ?? 0;
  return Uint8Array.from([...new Array<number>(zeros).fill(0), ...bytes]);
}

/** `length` bytes that depend on all parts: different parts never meet in practice (32 bits a word). */
function derivedBytes(length: number, parts: readonly (string | number)[]): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  for (let word = 0; word < length / 4; word += 1) view.setUint32(word * 4, hash32(word, ...parts, word));
  return bytes;
}

/** A 32-byte key. */
export const derivedAddress = (...parts: readonly (string | number)[]): string =>
  base58(derivedBytes(32, parts));

/** A 64-byte transaction signature. */
export const derivedSignature = (...parts: readonly (string | number)[]): string =>
  base58(derivedBytes(64, parts));

/** A mint ground to end in "pump", as the site's own mints do. The last digits do not change its length. */
export const withPumpSuffix = (address: string): string => `${address.slice(0, -4)}pump`;
