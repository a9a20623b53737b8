import type { Bar, Candle } from '@onefeed/contracts';

/** Bars a chart is given at once. */
export const CHART_BARS = 300;

/** The newest bars of one candle stream, oldest first; at most 300. */
export interface CandleSeries {
  /** Puts a bar in its place. False when nothing changed, or it is older than all that are kept. */
  put(bar: Bar): boolean;
  bars(): readonly Bar[];
}

export function createCandleSeries(): CandleSeries {
  const bars: Bar[] = [];

  return {
    put: (bar) => {
      let place = bars.length;
      while (place > 0 && (bars[place - 1]?.openTime ?? 0) > bar.openTime) place -= 1;
      const same = bars[place - 1];
      if (same?.openTime === bar.openTime) {
        // A late frame of the forming bar must not reopen a closed one.
        if (same.closed && !bar.closed) return false;
        // Stored bars are read from the table and told on the bus as well.
        if (isEqual(same, bar)) return false;
        bars[place - 1] = bar;
        return true;
      }
      if (place === 0 && bars.length >= CHART_BARS) return false;
      bars.splice(place, 0, bar);
      if (bars.length > CHART_BARS) bars.shift();
      return true;
    },
    bars: () => bars,
  };
}

export function toBar(candle: Candle): Bar {
  const { openTime, open, high, low, close, volume, closed } = candle;
  return { openTime, open, high, low, close, volume, closed };
}

function isEqual(a: Bar, b: Bar): boolean {
  return (
    a.close === b.close &&
    a.volume === b.volume &&
    a.high === b.high &&
    a.low === b.low &&
    a.open === b.open &&
    a.closed === b.closed
  );
}
