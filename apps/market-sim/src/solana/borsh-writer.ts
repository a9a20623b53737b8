import { base58Bytes } from '../pumpfun/address.ts';

/** Writes the values of a program's event one after the other: little-endian, texts with a u32 length. */
export interface BorshWriter {
  u8(value: number | boolean): BorshWriter;
  u16(value: number): BorshWriter;
  u32(value: number): BorshWriter;
  u64(value: bigint | number): BorshWriter;
  i64(value: bigint | number): BorshWriter;
  text(value: string): BorshWriter;
  /** A 32-byte key given in base58. */
  key(value: string): BorshWriter;
  zeros(count: number): BorshWriter;
  bytes(): Buffer;
}

export function createBorshWriter(discriminator: Uint8Array): BorshWriter {
  const parts: Uint8Array[] = [discriminator];
  const add = (length: number, write: (buffer: Buffer) => void): BorshWriter => {
    const buffer = Buffer.alloc(length);
    write(buffer);
    parts.push(buffer);
    return writer;
  };
  const writer: BorshWriter = {
    u8: (value) => add(1, (buffer) => buffer.writeUInt8(Number(value))),
    u16: (value) => add(2, (buffer) => buffer.writeUInt16LE(value)),
    u32: (value) => add(4, (buffer) => buffer.writeUInt32LE(value)),
    u64: (value) => add(8, (buffer) => buffer.writeBigUInt64LE(BigInt(value))),
    i64: (value) => add(8, (buffer) => buffer.writeBigInt64LE(BigInt(value))),
    text(value) {
      const bytes = Buffer.from(value);
      writer.u32(bytes.length);
      parts.push(bytes);
      return writer;
    },
    key(value) {
      parts.push(base58Bytes(value));
      return writer;
    },
    zeros: (count) => add(count, () => {}),
    bytes: () => Buffer.concat(parts),
  };
  return writer;
}
