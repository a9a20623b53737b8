import { barEnd, barStart } from './interval.ts';
import type { MarketSource, Series } from './market-source.ts';
import { createSeededSymbol, HISTORY_START, type SeededSymbol } from './seeded-symbol.ts';
import { SYMBOL_SPECS, type SymbolSpec } from './symbol-spec.ts';

/**
 * The endless simulated market: every bar is a pure function of (seed, symbol, time). Days are generated when
 * first looked at, so history costs nothing until someone asks for it.
 */
export function createSeededMarket(
  seed: number,
  symbols: readonly SymbolSpec[] = SYMBOL_SPECS,
): MarketSource {
  const bySymbol = new Map<string, SeededSymbol>(
    symbols.map((spec) => [spec.symbol, createSeededSymbol(seed, spec)]),
  );
  const end = ({ interval, offsetMs }: Series, openTime: number) => barEnd(interval, openTime, offsetMs);

  return {
    symbols,
    has: ({ symbol }) => bySymbol.has(symbol),
    barAtOrBefore({ interval, offsetMs }, time) {
      const openTime = barStart(interval, time, offsetMs);
      return openTime < HISTORY_START ? undefined : openTime;
    },
    barAfter(series, time) {
      if (time >= HISTORY_START) return end(series, barStart(series.interval, time, series.offsetMs));
      const first = barStart(series.interval, HISTORY_START, series.offsetMs);
      return first < HISTORY_START ? end(series, first) : first;
    },
    closeTime: (series, openTime) => end(series, openTime) - 1,
    bar(series, openTime, now) {
      const market = bySymbol.get(series.symbol);
      if (!market) throw new Error(`the market has no symbol ${series.symbol}`);
      const barEndTime = end(series, openTime);
      return market.span(openTime, Math.min(now + 1, barEndTime), barEndTime - 1);
    },
  };
}
