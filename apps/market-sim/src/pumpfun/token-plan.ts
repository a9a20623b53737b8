import { LAMPORTS_PER_SOL } from '@onefeed/domain';
import { createRandom, hash32, logNormal, type Random } from '../random.ts';

/**
 * How a token ends: nobody comes (dud), interest dies (fade), the creator sells out (rug), the curve is
 * completed by many (graduate) or by the creator in the first transaction (instant).
 */
export type Fate = 'dud' | 'fade' | 'rug' | 'graduate' | 'instant';

/** What is unusual about its frames; the frequencies are those of the recorded session. */
export type Oddity = 'none' | 'bonk' | 'usdc' | 'mayhem' | 'wrong-curve-key' | 'nameless' | 'old-form';

export interface TokenPlan {
  fate: Fate;
  oddity: Oddity;
  /** Lamports of the creator's own first buy, without fees; 0n for none. */
  initialBuyLamports: bigint;
  /** Token time without trades after which nothing more happens. */
  lifeMs: number;
  meanGapMs: number;
  buyShare: number;
  medianBuySol: number;
  /** How many different wallets take part: few for a token bought by its own makers. */
  crowd: number;
  /** Age at which the creator sells everything; Infinity for never. */
  creatorSellsAtMs: number;
  /** Share of buys in the pool after migration, early and late. */
  poolBuyShare: readonly [early: number, late: number];
}

/** One token in so many completes its curve, at an even pace: one in each group, at a drawn place. */
export const GRADUATE_GROUP = 13;
const INSTANT_SHARE = 0.05;
const MINUTE_MS = 60_000;

/** Draws the life of token `index`. Pure: the same seed and index give the same plan. */
export function planToken(seed: number, index: number): TokenPlan {
  const random = createRandom(hash32(seed, 'plan', index));
  const group = Math.floor(index / GRADUATE_GROUP);
  const chosen = hash32(seed, 'graduate', group) % GRADUATE_GROUP;
  if (index - group * GRADUATE_GROUP === chosen) return planWinner(random);
  const oddity = drawOddity(random);
  const draw = random();
  if (oddity === 'usdc' || oddity === 'bonk' || draw < 0.25) return planDud(random, oddity);
  if (draw < 0.45) return planRug(random, oddity);
  return planFade(random, oddity);
}

/** Per 197 recorded creates: 1 bonk, 10 USDC, 17 with the mayhem vault as key, 10 with another wrong key. */
function drawOddity(random: Random): Oddity {
  let draw = random() * 198;
  for (const [oddity, count] of [
    ['bonk', 1],
    ['usdc', 10],
    ['mayhem', 17],
    ['wrong-curve-key', 10],
    ['nameless', 3],
    ['old-form', 2],
  ] as const) {
    draw -= count;
    if (draw < 0) return oddity;
  }
  return 'none';
}

const lamports = (sol: number): bigint => BigInt(Math.round(sol * 1e4)) * (LAMPORTS_PER_SOL / 10_000n);

function planWinner(random: Random): TokenPlan {
  const instant = random() < INSTANT_SHARE;
  const mood = random();
  return {
    fate: instant ? 'instant' : 'graduate',
    oddity: 'none',
    initialBuyLamports: lamports(0.3 + random() * 1.7),
    lifeMs: 10 * MINUTE_MS,
    meanGapMs: 350 + random() * 450,
    buyShare: 0.76 + random() * 0.08,
    medianBuySol: 0.6 + random() * 0.5,
    crowd: 400,
    creatorSellsAtMs: Infinity,
    poolBuyShare: mood < 0.6 ? [0.68, 0.5] : mood < 0.85 ? [0.52, 0.5] : [0.42, 0.4],
  };
}

function planDud(random: Random, oddity: Oddity): TokenPlan {
  return {
    ...QUIET,
    fate: 'dud',
    oddity,
    initialBuyLamports: random() < 0.4 ? 0n : lamports(random() * 0.8),
    lifeMs: MINUTE_MS * (0.3 + random() * 0.7),
    meanGapMs: 15_000 + random() * 20_000,
  };
}

function planRug(random: Random, oddity: Oddity): TokenPlan {
  const creatorSellsAtMs = 15_000 + random() * 75_000;
  return {
    ...QUIET,
    fate: 'rug',
    oddity,
    initialBuyLamports: lamports(1.5 + random() * 4.5),
    lifeMs: creatorSellsAtMs + MINUTE_MS * (0.7 + random() * 1.5),
    meanGapMs: 1_500 + random() * 2_500,
    buyShare: 0.7,
    medianBuySol: 0.35,
    crowd: 8 + Math.floor(random() * 25),
    creatorSellsAtMs,
  };
}

function planFade(random: Random, oddity: Oddity): TokenPlan {
  // Some look hot at first: fast buys, but from a handful of wallets.
  const bundled = random() < 0.15;
  return {
    ...QUIET,
    fate: 'fade',
    oddity,
    initialBuyLamports: random() < 0.1 ? 0n : lamports(Math.min(3, logNormal(random, 0.6, 0.8))),
    lifeMs: MINUTE_MS * (1 + random() * random() * 9),
    meanGapMs: bundled ? 1_200 : 4_000 + random() * 9_000,
    buyShare: 0.5 + random() * 0.15,
    medianBuySol: 0.15 + random() * 0.25,
    crowd: bundled ? 4 : 15 + Math.floor(random() * 40),
    creatorSellsAtMs: random() < 0.4 ? MINUTE_MS * (0.5 + random() * 3) : Infinity,
  };
}

const QUIET = {
  buyShare: 0.55,
  medianBuySol: 0.15,
  crowd: 6,
  creatorSellsAtMs: Infinity,
  poolBuyShare: [0.5, 0.5],
} as const;
