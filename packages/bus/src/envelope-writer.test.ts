import { type Envelope, MAX_ENVELOPE_BYTES } from '@onefeed/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEnvelopeWriter } from './envelope-writer.ts';

const read = (text: string) => JSON.parse(text) as Envelope;

describe('envelope writer', () => {
  it('writes every list as envelopes that fit, each item once and in order, without a gap', () => {
    const items = fc.array(
      fc.oneof(
        fc.string({ maxLength: 40, unit: 'grapheme' }),
        fc.string({ minLength: 2_000, maxLength: 3_000 }),
      ),
      {
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(items, (list) => {
        const texts = createEnvelopeWriter('epoch', () => 7).writeList('s', list, (part) => ({ part }));
        const envelopes = texts.map(read);
        expect(envelopes.map(({ seq }) => seq)).toEqual(envelopes.map((_, index) => index + 1));
        expect(texts.every((text) => Buffer.byteLength(text) < MAX_ENVELOPE_BYTES)).toBe(true);
        expect(envelopes.flatMap(({ body }) => (body as { part: string[] }).part)).toEqual(list);
      }),
    );
  });

  it('sends an item that is too large alone as null, in its place', () => {
    const huge = 'ü'.repeat(MAX_ENVELOPE_BYTES / 2);
    const texts = createEnvelopeWriter('epoch', () => 7).writeList('s', ['a', huge, 'b'], (part) => part);
    expect(texts.map(read).map(({ seq, body }) => [seq, body])).toEqual([
      [1, ['a']],
      [2, null],
      [3, ['b']],
    ]);
  });
});
