/** A stream of numbers in [0, 1), the same for the same seed on every machine. */
export type Random = () => number;

/** 32 bits of the parts, well mixed (FNV-1a, then murmur3's finaliser). Not for secrets. */
export function hash32(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const part of parts) {
    const text = String(part);
    for (let index = 0; index < text.length; index += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    }
    hash = Math.imul(hash ^ 0x1f, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Mulberry32: small, fast, good enough for a market. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** About normal (0, 1) within +-3.46: four uniforms, cheaper than Box-Muller and free of log and cos. */
export const gaussian = (random: Random): number =>
  (random() + random() + random() + random() - 2) * 1.7320508075688772;

/** Waiting time of a Poisson process with this mean. */
export const exponential = (random: Random, mean: number): number => -Math.log(1 - random()) * mean;

/** Log-normal around `median`; `sigma` is the spread of the logarithm. */
export const logNormal = (random: Random, median: number, sigma: number): number =>
  median * Math.exp(sigma * gaussian(random));
