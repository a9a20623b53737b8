import type { TokenFeatures } from './token-features.ts';

/** Guesses from a token's features how promising it is: 0..1, or null when there is too little to go by. */
export interface Predictor {
  score(features: TokenFeatures): number | null;
}

/** Trades under which a score would be noise. */
const MINIMUM_TRADES = 5;

/** Weights of the hand-made model, over inputs scaled to about 0..1. */
const WEIGHTS = {
  bias: -2.2,
  buyers: 2.6,
  buyPressure: 1.8,
  progress: 1.4,
  inflow: 1.2,
  devShare: -3.5,
  devSold: -1.8,
  drawdown: -2.6,
} as const;

const upTo1 = (value: number) => Math.min(1, Math.max(0, value));

/**
 * A logistic score with weights set by hand from common sense: many different buyers, more bought than sold and
 * money flowing in speak for a token; a creator that holds much or sells, and a price far under its highest,
 * against it. It was not fitted to any outcome: it orders tokens, it is not a probability.
 */
export function scoreToken(features: TokenFeatures): number {
  const volume = features.buyVolumeSol + features.sellVolumeSol;
  const net = features.buyVolumeSol - features.sellVolumeSol;
  const sum =
    WEIGHTS.bias +
    WEIGHTS.buyers * upTo1(Math.log1p(features.uniqueBuyers) / Math.log1p(60)) +
    WEIGHTS.buyPressure * (volume > 0 ? net / volume : 0) +
    WEIGHTS.progress * upTo1(features.curveProgress) +
    WEIGHTS.inflow * upTo1(net / 20) +
    WEIGHTS.devShare * upTo1(features.devShare / 0.3) +
    WEIGHTS.devSold * (features.devSells > 0 ? 1 : 0) +
    WEIGHTS.drawdown * upTo1(features.drawdown);
  return 1 / (1 + Math.exp(-sum));
}

/** The hand-weighted scorer as a predictor; tokens with few trades or that may not be bought are unscored. */
export function createHandWeightedPredictor(): Predictor {
  return {
    score(features) {
      if (features.untradeableReason !== null) return null;
      return features.buys + features.sells < MINIMUM_TRADES ? null : scoreToken(features);
    },
  };
}
