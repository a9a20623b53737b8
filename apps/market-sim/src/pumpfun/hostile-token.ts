import type { Random } from '../random.ts';

/** Ways in which a PumpPortal frame can be wrong. */
export const HOSTILE_TOKENS = [
  'truncated',
  'not-json',
  'empty',
  'binary',
  'deep-nesting',
  'large',
  'huge-number',
  'negative-amount',
  'wrong-type',
  'missing-field',
  'unknown-type',
  'quote-mint',
  'long-texts',
] as const;
export type HostileToken = (typeof HOSTILE_TOKENS)[number];

const LARGE_BYTES = 1_000_000;
const DEEP_LEVELS = 20_000;

/** Spoils a true frame's text in the given way; those that stay well-formed name a mint nobody has. */
export function hostileToken(kind: HostileToken, text: string, random: Random): string | Buffer {
  const pick = <Value>(values: readonly [Value, ...Value[]]): Value =>
    values[Math.floor(random() * values.length)] ?? values[0];
  const frame = JSON.parse(text) as Record<string, unknown>;
  const amounts = [
    'solAmount',
    'vTokensInBondingCurve',
    'vSolInBondingCurve',
    frame.txType === 'create' ? 'initialBuy' : 'tokenAmount',
  ] as const;
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
      return JSON.stringify({ ...frame, name: 'x'.repeat(LARGE_BYTES) });
    case 'huge-number':
      // JSON.stringify would write null: the number is put in by hand.
      return JSON.stringify({ ...frame, [pick(amounts)]: '#' }).replace('"#"', pick(['1e400', '1e300']));
    case 'negative-amount':
      return JSON.stringify({ ...frame, [pick(amounts)]: -1 });
    case 'wrong-type':
      return JSON.stringify({
        ...frame,
        [pick(['mint', 'signature', 'traderPublicKey', 'txType', ...amounts])]: pick<unknown>([
          null,
          {},
          [],
          true,
        ]),
      });
    case 'missing-field': {
      const { [pick(['mint', 'signature', 'txType'])]: _, ...rest } = frame;
      return JSON.stringify(rest);
    }
    case 'unknown-type':
      return JSON.stringify({ ...frame, txType: pick(['burn', 'BUY', '']) });
    case 'quote-mint':
      return JSON.stringify({ ...frame, mint: 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v' });
    case 'long-texts':
      return JSON.stringify({
        ...frame,
        mint: 'HostiLeMint11111111111111111111111111111111',
        name: 'n'.repeat(50_000),
        symbol: '\u0000\u202e',
      });
  }
}
