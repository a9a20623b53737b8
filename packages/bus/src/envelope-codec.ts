import {
  BotMessage,
  type Channel,
  ControlMessage,
  Envelope,
  MAX_ENVELOPE_BYTES,
  MarketMessage,
  PROTOCOL_VERSION,
  SignalMessage,
} from '@onefeed/contracts';
import { Compile } from 'typebox/compile';

const envelopes = Compile(Envelope);
const bodies = {
  market: Compile(MarketMessage),
  signals: Compile(SignalMessage),
  bots: Compile(BotMessage),
  control: Compile(ControlMessage),
} satisfies Record<Channel, unknown>;

/** Why an arriving text is not used as it is. */
export type EnvelopeFault = 'malformed' | 'version' | 'body';

export interface Decoded {
  envelope: Envelope | null;
  fault: EnvelopeFault | null;
}

/** True when Postgres will carry the text. */
export function fits(text: string): boolean {
  // A UTF-16 unit takes at most 3 bytes of UTF-8, so most texts need no counting.
  return text.length * 3 < MAX_ENVELOPE_BYTES || Buffer.byteLength(text) < MAX_ENVELOPE_BYTES;
}

/**
 * Reads an arriving text. Malformed ones and those of another protocol version are refused (no envelope). An
 * envelope whose body is not a message of its channel is given with a null body: its reader sees the step and
 * reads the table.
 */
export function decodeEnvelope(channel: Channel, text: string): Decoded {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { envelope: null, fault: 'malformed' };
  }
  if (!envelopes.Check(value)) return { envelope: null, fault: 'malformed' };
  const envelope = value as Envelope;
  if (envelope.v !== PROTOCOL_VERSION) return { envelope: null, fault: 'version' };
  if (envelope.body !== null && !bodies[channel].Check(envelope.body)) {
    return { envelope: { ...envelope, body: null }, fault: 'body' };
  }
  return { envelope, fault: null };
}
