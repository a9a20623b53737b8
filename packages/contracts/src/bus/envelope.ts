import { type Static, Type } from 'typebox';
import { TimeMs } from '../scalars.ts';

/** Largest envelope in bytes; Postgres refuses a NOTIFY payload of 8000 bytes or more. */
export const MAX_ENVELOPE_BYTES = 7_500;

/**
 * What travels on a channel. `seq` counts the envelopes of one `stream` within one `epoch` (a publisher's
 * life) from 1 without gaps: `last + 1` means nothing was missed, anything else means "read the table".
 */
export const Envelope = Type.Object({
  v: Type.Integer(),
  stream: Type.String({ minLength: 1, maxLength: 64 }),
  epoch: Type.String({ minLength: 1, maxLength: 64 }),
  seq: Type.Integer({ minimum: 1 }),
  at: TimeMs,
  body: Type.Unknown(),
});
export type Envelope = Static<typeof Envelope>;
