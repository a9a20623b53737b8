import { createRandom, hash32 } from '../random.ts';
import { derivedAddress, withPumpSuffix } from './address.ts';
import { MAYHEM_VAULT, type TokenNames, USDC_MINT } from './token-frame.ts';
import type { Oddity } from './token-plan.ts';

const FIRST = ['dog', 'Cat', 'moon', 'Frog', 'Baby', 'mega', ' Sir', 'Turbo', 'goblin', '喵', 'Pixel', 'AI'];
const SECOND = [
  'wif hat',
  'coin',
  'Agent',
  'rocket',
  'king',
  'pump',
  'inu',
  'bro',
  'laser',
  '猫',
  'czar',
  'GPT',
];
/** Mints need not end in "pump"; most do. */
const SUFFIX_SHARE = 0.8;

/** Names and keys of token `index`: invented, but of the real ones' form. Names repeat, keys never. */
export function nameToken(seed: number, index: number, oddity: Oddity): TokenNames {
  const random = createRandom(hash32(seed, 'names', index));
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? '';
  const key = derivedAddress(seed, 'mint', index);
  const name = `${pick(FIRST)} ${pick(SECOND)}`;
  return {
    mint: oddity === 'usdc' ? USDC_MINT : random() < SUFFIX_SHARE ? withPumpSuffix(key) : key,
    creator: derivedAddress(seed, 'creator', index),
    curveKey: oddity === 'mayhem' ? MAYHEM_VAULT : derivedAddress(seed, 'curve', index),
    name,
    symbol: name.replaceAll(/\s/g, '').slice(0, 10).toUpperCase(),
    uri: `https://ipfs.io/ipfs/bafkrei${derivedAddress(seed, 'uri', index).toLowerCase()}`,
  };
}
