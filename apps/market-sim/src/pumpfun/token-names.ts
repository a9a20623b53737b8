import { createRandom, hash32 } from '../random.ts';
import { derivedAddress, withPumpSuffix } from './address.ts';
import { bondingCurveAddress } from './curve-address.ts';
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
  const suffixed = oddity === 'usdc' || random() < SUFFIX_SHARE;
  const chainMint = suffixed ? withPumpSuffix(key) : key;
  const mint = oddity === 'usdc' ? USDC_MINT : chainMint;
  const curveAddress = bondingCurveAddress(chainMint);
  return {
    mint,
    creator: derivedAddress(seed, 'creator', index),
    curveKey: curveKeyOf(seed, index, oddity, mint === chainMint ? curveAddress : bondingCurveAddress(mint)),
    chainMint,
    curveAddress,
    name,
    symbol: name.replaceAll(/\s/g, '').slice(0, 10).toUpperCase(),
    uri: `https://ipfs.io/ipfs/bafkrei${derivedAddress(seed, 'uri', index).toLowerCase()}`,
  };
}

/** The true address of the curve, except where the recorded frames have a wrong one. */
function curveKeyOf(seed: number, index: number, oddity: Oddity, curveAddress: string): string {
  if (oddity === 'mayhem') return MAYHEM_VAULT;
  if (oddity === 'wrong-curve-key') return derivedAddress(seed, 'curve', index);
  return curveAddress;
}
