/**
 * MurmurHash3 x86 128-bit (Austin Appleby, public domain) of ASCII text, as 32 hex digits. Not a secret-keeper: used
 * to derive ids that are the same for the same cause.
 */
export function hash128(text: string, seed = 0): string {
  let h1 = seed | 0;
  let h2 = seed | 0;
  let h3 = seed | 0;
  let h4 = seed | 0;
  const length = text.length;
  const byte = (index: number) => (index < length ? text.charCodeAt(index) & 0xff : 0);
  const word = (index: number) =>
    byte(index) | (byte(index + 1) << 8) | (byte(index + 2) << 16) | (byte(index + 3) << 24);
  const whole = length - (length % 16);
  for (let at = 0; at < whole; at += 16) {
    h1 = (Math.imul(rotate(h1 ^ mix1(word(at)), 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 = (Math.imul(rotate(h2 ^ mix2(word(at + 4)), 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 = (Math.imul(rotate(h3 ^ mix3(word(at + 8)), 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 = (Math.imul(rotate(h4 ^ mix4(word(at + 12)), 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  // Bytes past the end read as zero, and a zero word mixes to zero: the tail needs no cases.
  if (whole < length) {
    h1 ^= mix1(word(whole));
    h2 ^= mix2(word(whole + 4));
    h3 ^= mix3(word(whole + 8));
    h4 ^= mix4(word(whole + 12));
  }
  h1 ^= length;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  h1 = finish(h1);
  h2 = finish(h2);
  h3 = finish(h3);
  h4 = finish(h4);
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  return hex(h1) + hex(h2) + hex(h3) + hex(h4);
}

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

const rotate = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits));
const mix1 = (word: number) => Math.imul(rotate(Math.imul(word, C1), 15), C2);
const mix2 = (word: number) => Math.imul(rotate(Math.imul(word, C2), 16), C3);
const mix3 = (word: number) => Math.imul(rotate(Math.imul(word, C3), 17), C4);
const mix4 = (word: number) => Math.imul(rotate(Math.imul(word, C4), 18), C1);
const hex = (word: number) => (word >>> 0).toString(16).padStart(8, '0');

function finish(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
