import type { Random } from '../random.ts';

/** Ways in which a frame can be wrong. A client can see each of them in the frame itself. */
export const HOSTILE_KLINES = [
  'truncated',
  'not-json',
  'empty',
  'binary',
  'deep-nesting',
  'large',
  'huge-number',
  'negative-price',
  'not-a-number',
  'wrong-type',
  'missing-field',
  'null-kline',
  'wrong-symbol',
  'wrong-interval',
  'unknown-stream',
  'unknown-event',
  'inverted-bar',
  'misaligned-open',
  'wrong-close-time',
  'prototype',
] as const;
export type HostileKline = (typeof HOSTILE_KLINES)[number];

const LARGE_BYTES = 1_000_000;
const DEEP_LEVELS = 20_000;
const PRICES = ['o', 'h', 'l', 'c'] as const;
/** What every reader of bars needs; the taker's amounts are left alone. */
const TEXTS = ['o', 'h', 'l', 'c', 'v', 'q'] as const;

interface Frame {
  stream?: unknown;
  data?: Record<string, unknown>;
  e?: unknown;
  k?: unknown;
}

/** Spoils a true frame's text in the given way. `combined` tells whether the frame is wrapped. */
export function hostileKline(kind: HostileKline, text: string, random: Random): string | Buffer {
  switch (kind) {
    case 'truncated':
      return text.slice(0, 1 + Math.floor(random() * (text.length - 1)));
    case 'not-json':
      return '<html><head><title>502 Bad Gateway</title></head></html>';
    case 'empty':
      return '';
    case 'binary':
      return Buffer.from(text);
    case 'deep-nesting':
      return `${'['.repeat(DEEP_LEVELS)}${']'.repeat(DEEP_LEVELS)}`;
    case 'large':
      return `{"stream":"x","data":"${'x'.repeat(LARGE_BYTES)}"}`;
    default:
      return JSON.stringify(spoil(kind, JSON.parse(text) as Frame, random));
  }
}

type Spoiled = Exclude<
  HostileKline,
  'truncated' | 'not-json' | 'empty' | 'binary' | 'deep-nesting' | 'large'
>;

function spoil(kind: Spoiled, frame: Frame, random: Random): unknown {
  const event: Record<string, unknown> = frame.data ?? (frame as Record<string, unknown>);
  const k = event.k as Record<string, unknown>;
  const pick = <Value>(values: readonly [Value, ...Value[]]): Value =>
    values[Math.floor(random() * values.length)] ?? values[0];
  switch (kind) {
    case 'huge-number':
      k[pick(TEXTS)] = pick(['1e400', `9${'0'.repeat(400)}`, `9${'0'.repeat(60)}.00000000`]);
      break;
    case 'negative-price':
      k[pick(PRICES)] = '-1.00000000';
      break;
    case 'not-a-number':
      k[pick(TEXTS)] = pick(['NaN', 'Infinity', '', '1.2.3', '0x10', ' 1', '١٢']);
      break;
    case 'wrong-type':
      k[pick(['t', 'T', 'o', 'c', 'x', 'n', 'i', 's'])] = pick<unknown>([null, {}, [], '', 'true', -1.5]);
      break;
    case 'missing-field':
      delete k[pick(['t', 'T', 'o', 'h', 'l', 'c', 'v', 'x', 'i', 's', 'q'])];
      break;
    case 'null-kline':
      event.k = pick<unknown>([null, [], 'x', 7]);
      break;
    case 'wrong-symbol':
      event.s = 'DOGEUSDT';
      k.s = 'DOGEUSDT';
      break;
    case 'wrong-interval':
      k.i = k.i === '3m' ? '1h' : '3m';
      break;
    case 'unknown-stream':
      event.s = 'NOPEUSDT';
      k.s = 'NOPEUSDT';
      if (frame.stream !== undefined) frame.stream = 'nopeusdt@kline_1m';
      break;
    case 'unknown-event':
      event.e = pick<unknown>(['depthUpdate', 'trade', '', 7, null]);
      break;
    case 'inverted-bar':
      k.h = '1.00000000';
      k.l = '2.00000000';
      break;
    case 'misaligned-open':
      k.t = Number(k.t) + 7;
      break;
    case 'wrong-close-time':
      k.T = Number(k.t) - 1;
      break;
    case 'prototype':
      return JSON.parse(
        `{"__proto__":{"x":true},"constructor":{"prototype":{"x":true}},"stream":"btcusdt@kline_1m","data":{"__proto__":null}}`,
      );
  }
  return frame;
}
