import { type Envelope, MAX_ENVELOPE_BYTES, PROTOCOL_VERSION } from '@onefeed/contracts';
import { fits } from './envelope-codec.ts';

/** Room for the envelope's own fields around a body: version, stream, epoch, seq and time at their longest. */
const ENVELOPE_OVERHEAD_BYTES = 300;

export interface EnvelopeWriter {
  /** The text of the next envelope of `stream`; a body too large to travel becomes null. */
  write(stream: string, body: unknown): string;
  /** The texts of as many envelopes as the items need, in their order. */
  writeList<Item>(stream: string, items: readonly Item[], wrap: (part: Item[]) => unknown): string[];
}

/** Numbers the envelopes of each stream from 1 within `epoch`: one writer is one publisher's life. */
export function createEnvelopeWriter(epoch: string, now: () => number): EnvelopeWriter {
  const sequences = new Map<string, number>();

  function encode(stream: string, seq: number, body: unknown): string {
    const envelope: Envelope = { v: PROTOCOL_VERSION, stream, epoch, seq, at: now(), body: body ?? null };
    return JSON.stringify(envelope);
  }

  function write(stream: string, body: unknown): string {
    const seq = (sequences.get(stream) ?? 0) + 1;
    sequences.set(stream, seq);
    const text = encode(stream, seq, body);
    return fits(text) ? text : encode(stream, seq, null);
  }

  function writeList<Item>(
    stream: string,
    items: readonly Item[],
    wrap: (part: Item[]) => unknown,
  ): string[] {
    if (items.length === 0) return [];
    const whole = JSON.stringify(wrap([...items]));
    const fitsWhole = Buffer.byteLength(whole) + ENVELOPE_OVERHEAD_BYTES < MAX_ENVELOPE_BYTES;
    if (items.length === 1 || fitsWhole) return [write(stream, wrap([...items]))];
    // Halving keeps the order and needs no knowledge of what `wrap` adds.
    const middle = Math.ceil(items.length / 2);
    return [
      ...writeList(stream, items.slice(0, middle), wrap),
      ...writeList(stream, items.slice(middle), wrap),
    ];
  }

  return { write, writeList };
}
