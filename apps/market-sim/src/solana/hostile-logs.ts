import { derivedSignature } from '../pumpfun/address.ts';
import type { Random } from '../random.ts';
import { PUMP_PROGRAM } from './program-event.ts';

/** Ways in which a notification of a Solana node can be wrong. */
export const HOSTILE_LOGS = [
  'not-json',
  'empty',
  'binary',
  'deep-nesting',
  'large',
  'wrong-type',
  'missing-value',
  'unknown-subscription',
  'unknown-method',
  'bad-base64',
  'short-event',
  'unknown-event',
  'long-text-length',
  'random-bytes',
  'foreign-program',
] as const;
export type HostileLogs = (typeof HOSTILE_LOGS)[number];

const LARGE_BYTES = 1_000_000;
const DEEP_LEVELS = 20_000;
const TRADE = Buffer.from('bddb7fd34ee661ee', 'hex');
const CREATE = Buffer.from('1b72a94ddeeb6376', 'hex');

/** A hostile notification for the given subscription. */
export function hostileLogs(kind: HostileLogs, subscription: number, random: Random): string | Buffer {
  const signature = derivedSignature('hostile', Math.floor(random() * 1e9));
  const notification = (value: unknown, number: unknown = subscription, method = 'logsNotification') =>
    JSON.stringify({
      jsonrpc: '2.0',
      method,
      params: { subscription: number, result: { context: { slot: 430_727_484 }, value } },
    });
  const logging = (...lines: unknown[]) => notification({ signature, err: null, logs: lines });
  const event = (data: string, program = PUMP_PROGRAM) =>
    logging(`Program ${program} invoke [1]`, `Program data: ${data}`, `Program ${program} success`);
  const noise = (length: number) => Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
  switch (kind) {
    case 'not-json':
      return '<html><head><title>502 Bad Gateway</title></head></html>';
    case 'empty':
      return '';
    case 'binary':
      return Buffer.from(logging());
    case 'deep-nesting':
      return `${'['.repeat(DEEP_LEVELS)}${']'.repeat(DEEP_LEVELS)}`;
    case 'large':
      return logging(`Program log: ${'x'.repeat(LARGE_BYTES)}`);
    case 'wrong-type':
      return notification({ signature: 7, err: null, logs: 'none' });
    case 'missing-value':
      return notification(undefined);
    case 'unknown-subscription':
      return notification({ signature, err: null, logs: [] }, -1);
    case 'unknown-method':
      return notification({}, subscription, 'accountNotification');
    case 'bad-base64':
      return event('%%%not base64%%%');
    case 'short-event':
      return event(Buffer.concat([TRADE, noise(40)]).toString('base64'));
    case 'unknown-event':
      return event(noise(120).toString('base64'));
    case 'long-text-length':
      return event(Buffer.concat([CREATE, Buffer.from('ffffffff', 'hex'), noise(60)]).toString('base64'));
    case 'random-bytes':
      return event(Buffer.concat([TRADE, Buffer.alloc(350, 0xff)]).toString('base64'));
    case 'foreign-program':
      // The right event of the wrong program: nobody but pump.fun may say what its curves did.
      return event(
        Buffer.concat([TRADE, noise(350)]).toString('base64'),
        'FLASHX8DrLbgeR8FcfNV1F5krxYcYMUdBkrP1EPBtxB9',
      );
  }
}
