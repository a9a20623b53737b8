import { base58 } from './base58.ts';

/** Thrown by a reader at the end of its bytes; decoders answer null to it. */
export class BytesEndedError extends Error {
  constructor() {
    super('the bytes ended before the value did');
    this.name = 'BytesEndedError';
  }
}

/** Reads Borsh values one after another: little-endian integers, texts and lists with a u32 length before them. */
export function createByteReader(bytes: Uint8Array, start = 0) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder();
  let at = start;

  /** Moves on by `count` bytes and answers where they begin. */
  function take(count: number): number {
    const from = at;
    if (count > bytes.length - at) throw new BytesEndedError();
    at += count;
    return from;
  }

  const reader = {
    u8: () => view.getUint8(take(1)),
    bool: () => reader.u8() !== 0,
    u16: () => view.getUint16(take(2), true),
    u32: () => view.getUint32(take(4), true),
    u64: () => view.getBigUint64(take(8), true),
    i64: () => view.getBigInt64(take(8), true),
    /** A key as base58. */
    key(): string {
      const from = take(32);
      return base58(bytes.subarray(from, from + 32));
    },
    text(): string {
      const length = reader.u32();
      const from = take(length);
      return decoder.decode(bytes.subarray(from, from + length));
    },
    skip: (count: number) => void take(count),
    left: () => bytes.length - at,
  };
  return reader;
}
export type ByteReader = ReturnType<typeof createByteReader>;

/** What `read` makes of the bytes after their 8-byte discriminator; null when they are too short for it. */
export function decodeBytes<Value>(bytes: Uint8Array, read: (reader: ByteReader) => Value): Value | null {
  try {
    return read(createByteReader(bytes, 8));
  } catch (error) {
    if (error instanceof BytesEndedError) return null;
    throw error;
  }
}
