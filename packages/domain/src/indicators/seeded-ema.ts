import { EMA, SMA } from 'trading-signals';
import type { Indicator } from './indicators.ts';

/**
 * An EMA that starts from the simple average of its first `period` values, as TradingView and Stock.Indicators
 * have it; the library's own starts from the first value and takes several periods to agree.
 */
export function createSeededEma(period: number): Indicator<number> {
  const ema = new EMA(period);
  let seed: SMA | null = new SMA(period);
  return {
    update(value) {
      if (seed === null) return ema.update(value, false);
      const average = seed.update(value, false);
      if (average === null) return Number.NaN;
      seed = null;
      return ema.update(average, false);
    },
  };
}
