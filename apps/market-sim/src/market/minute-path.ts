import { createRandom, hash32 } from '../random.ts';
import { MINUTE_MS } from './interval.ts';

/** One minute in the symbol's integers: ticks, lots, ticks x lots. */
export interface MinuteBar {
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  quoteVolume: number;
  takerVolume: number;
  takerQuoteVolume: number;
  trades: number;
  firstTradeId: number;
}

/** The trades of one minute. `...Through[i]` counts everything up to and including trade i. */
export interface MinutePath {
  bar: MinuteBar;
  offsetMs: Float64Array;
  price: Float64Array;
  volumeThrough: Float64Array;
  quoteVolumeThrough: Float64Array;
}

/**
 * The trades that make a minute's bar: the first is its open, the last its close, one touches the high and one
 * the low, all lie between, and the sums are the bar's to the last unit.
 */
export function createMinutePath(bar: MinuteBar, seed: number, symbol: string, minute: number): MinutePath {
  const random = createRandom(hash32(seed, symbol, 'path', minute));
  const count = bar.trades;
  const path: MinutePath = {
    bar,
    offsetMs: new Float64Array(count),
    price: new Float64Array(count),
    volumeThrough: new Float64Array(count),
    quoteVolumeThrough: new Float64Array(count),
  };
  if (count === 0) return path;
  setPrices(path, random);
  const weightThrough = new Float64Array(count);
  let weight = 0;
  for (let index = 0; index < count; index += 1) {
    path.offsetMs[index] = Math.floor(((index + random()) / count) * MINUTE_MS);
    weight += 0.05 + random() * random();
    weightThrough[index] = weight;
  }
  shareAmounts(path, weightThrough, weight);
  return path;
}

function setPrices(path: MinutePath, random: () => number): void {
  const { bar, price } = path;
  const last = price.length - 1;
  price[0] = bar.open;
  price[last] = bar.close;
  if (last < 2) return;
  let highAt = 1 + Math.floor(random() * (last - 1));
  let lowAt = 1 + Math.floor(random() * (last - 1));
  if (highAt === lowAt) lowAt = lowAt === 1 ? last - 1 : lowAt - 1;
  if (highAt === lowAt) highAt = last;
  const anchors = [
    { at: 0, price: bar.open },
    { at: highAt, price: bar.high },
    { at: lowAt, price: bar.low },
    { at: last, price: bar.close },
  ].sort((left, right) => left.at - right.at);
  const noise = (bar.high - bar.low) * 0.15;
  for (let leg = 0; leg + 1 < anchors.length; leg += 1) {
    const from = anchors[leg];
    const to = anchors[leg + 1];
    if (!from || !to) continue;
    for (let index = from.at + 1; index < to.at; index += 1) {
      const straight = from.price + ((to.price - from.price) * (index - from.at)) / (to.at - from.at);
      const moved = Math.round(straight + (random() - 0.5) * 2 * noise);
      price[index] = Math.min(bar.high, Math.max(bar.low, moved));
    }
    price[to.at] = to.price;
  }
}

function shareAmounts(path: MinutePath, weightThrough: Float64Array, weight: number): void {
  const { bar, price, volumeThrough, quoteVolumeThrough } = path;
  const last = price.length - 1;
  let naive = 0;
  let before = 0;
  for (let index = 0; index <= last; index += 1) {
    const through =
      index === last ? bar.volume : Math.floor(bar.volume * ((weightThrough[index] ?? 0) / weight));
    naive += (through - before) * (price[index] ?? 0);
    volumeThrough[index] = through;
    quoteVolumeThrough[index] = naive;
    before = through;
  }
  // The bar's quote amount was fixed first; the difference is spread evenly and ends at exactly that amount.
  const difference = bar.quoteVolume - naive;
  let floor = 0;
  for (let index = 0; index <= last; index += 1) {
    const through = volumeThrough[index] ?? 0;
    const share = Math.round((quoteVolumeThrough[index] ?? 0) + difference * (through / bar.volume));
    floor = Math.max(floor, Math.min(share, bar.quoteVolume));
    quoteVolumeThrough[index] = index === last ? bar.quoteVolume : floor;
  }
}
