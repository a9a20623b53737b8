import { describe, expect, it } from 'vitest';
import * as ws from 'ws';
import { textFrame } from './text-frame.ts';

/** Of ws, but not of its types. */
const { Sender } = ws as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } };

describe('a text frame', () => {
  it.each([0, 1, 125, 126, 65_535, 65_536, 70_000])('of %i bytes is what ws would send', (length) => {
    const text = 'x'.repeat(length);
    const expected = Buffer.concat(
      Sender.frame(Buffer.from(text), {
        fin: true,
        opcode: 1,
        mask: false,
        rsv1: false,
        readOnly: true,
      }),
    );
    expect(textFrame(text).equals(expected)).toBe(true);
  });
});
