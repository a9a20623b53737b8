import { createRandom, gaussian, hash32, type Random } from '../random.ts';
import { DAY_MS } from './interval.ts';
import type { SymbolSpec } from './symbol-spec.ts';

export const MINUTES_PER_DAY = 1_440;
/** Trades of every whole day: with the same number each day, trade ids need no walk through the past. */
export const TRADES_PER_DAY = MINUTES_PER_DAY * 120;

/**
 * The 1,440 one-minute bars of one symbol on one UTC day, in the symbol's own integers: prices in ticks,
 * amounts in lots, quote amounts in ticks x lots.
 */
export interface DayBlock {
  open: Float64Array;
  high: Float64Array;
  low: Float64Array;
  close: Float64Array;
  volume: Float64Array;
  quoteVolume: Float64Array;
  takerVolume: Float64Array;
  takerQuoteVolume: Float64Array;
  /** Trades of the day before minute m; one entry more than minutes. */
  tradesBefore: Float64Array;
}

/** How a stretch of market behaves. Drift is in units of the volatility, per minute. */
interface Regime {
  drift: number;
  volatility: number;
  /** Share of the distance to the stretch's first price that a minute takes back. */
  pull: number;
  turnover: number;
}

const REGIMES: readonly { weight: number; regime: Regime }[] = [
  { weight: 0.35, regime: { drift: 0, volatility: 0.9, pull: 0.3, turnover: 0.8 } },
  { weight: 0.17, regime: { drift: 0.4, volatility: 0.9, pull: 0, turnover: 1.2 } },
  { weight: 0.17, regime: { drift: -0.4, volatility: 0.9, pull: 0, turnover: 1.2 } },
  { weight: 0.15, regime: { drift: 0, volatility: 2, pull: 0.22, turnover: 2.4 } },
  { weight: 0.16, regime: { drift: 0, volatility: 0.45, pull: 0.3, turnover: 0.5 } },
];

/** Slow waves that make the price of a day's first moment a pure function of the day: [days, amplitude]. */
const WAVES: readonly (readonly [number, number])[] = [
  [512, 0.42],
  [128, 0.2],
  [32, 0.1],
  [8, 0.05],
  [2, 0.026],
  [1, 0.018],
];

/** Price in ticks at the first moment of a UTC day. */
export function dayOpenTicks(seed: number, spec: SymbolSpec, day: number): number {
  let log = Math.log(spec.basePrice) + spec.priceDecimals * Math.LN10;
  for (const [days, amplitude] of WAVES) log += amplitude * wave(seed, spec.symbol, days, day / days);
  return Math.max(1, Math.round(Math.exp(log)));
}

function wave(seed: number, symbol: string, days: number, position: number): number {
  const left = Math.floor(position);
  const at = (index: number) => (hash32(seed, symbol, 'wave', days, index) / 4_294_967_296) * 2 - 1;
  const weight = (1 - Math.cos((position - left) * Math.PI)) / 2;
  return at(left) * (1 - weight) + at(left + 1) * weight;
}

function nextRegime(random: Random): Regime {
  let left = random();
  for (const { weight, regime } of REGIMES) {
    left -= weight;
    if (left < 0) return regime;
  }
  return { drift: 0, volatility: 1, pull: 0, turnover: 1 };
}

/**
 * Generates one day from (seed, symbol, day) alone. The regimes make a path of log returns; a small even
 * correction bends it so that it ends where the next day begins. `into` is overwritten and given back: a
 * walk through years of days needs one block, not one each.
 */
export function generateDay(
  seed: number,
  spec: SymbolSpec,
  day: number,
  into: DayBlock = createDayBlock(),
): DayBlock {
  const random = createRandom(hash32(seed, spec.symbol, 'day', day));
  const startTicks = dayOpenTicks(seed, spec, day);
  const endTicks = dayOpenTicks(seed, spec, day + 1);
  const { path, volatility, turnover } = walk(random, spec, Math.log(endTicks / startTicks));
  const block = into;
  for (const column of Object.values(block)) column.fill(0);
  const weights = new Float64Array(MINUTES_PER_DAY);
  const lotsPerUnit = 10 ** spec.quantityDecimals;
  const ticksPerUnit = 10 ** spec.priceDecimals;
  let previous = startTicks;
  for (let minute = 0; minute < MINUTES_PER_DAY; minute += 1) {
    const isLast = minute === MINUTES_PER_DAY - 1;
    const spread = volatility[minute] ?? 0;
    const turnoverShare = turnover[minute] ?? 1;
    const idle = random() < spec.idleShare;
    if (idle && !isLast) {
      setPrices(block, minute, previous, previous, previous, previous);
      continue;
    }
    const close = isLast ? endTicks : Math.max(1, Math.round(startTicks * Math.exp(path[minute] ?? 0)));
    const open = Math.max(1, previous + Math.round((random() - 0.5) * 2.4));
    const reach = startTicks * Math.exp(path[minute] ?? 0) * spread * 0.6;
    const high = Math.max(open, close) + Math.round(Math.abs(gaussian(random)) * reach);
    const low = Math.max(1, Math.min(open, close) - Math.round(Math.abs(gaussian(random)) * reach));
    setPrices(block, minute, open, high, low, close);
    const move = Math.abs(close - open) / (reach + 1);
    const activity = turnoverShare * (0.5 + random()) * (0.6 + 0.4 * Math.min(4, move));
    const quoteTurnover = spec.minuteTurnover * activity * (0.6 + 0.8 * random());
    const lots = Math.max(4, Math.round((quoteTurnover / (close / ticksPerUnit)) * lotsPerUnit));
    setAmounts(block, minute, lots, random);
    weights[minute] = 0.25 + activity;
    previous = close;
  }
  numberTrades(block, weights);
  return block;
}

function walk(random: Random, spec: SymbolSpec, target: number) {
  const path = new Float64Array(MINUTES_PER_DAY);
  const volatility = new Float64Array(MINUTES_PER_DAY);
  const turnover = new Float64Array(MINUTES_PER_DAY);
  let position = 0;
  let anchor = 0;
  let left = 0;
  let regime = nextRegime(random);
  for (let minute = 0; minute < MINUTES_PER_DAY; minute += 1) {
    if (left <= 0) {
      regime = nextRegime(random);
      left = 10 + Math.floor(random() * 30);
      anchor = position;
    }
    left -= 1;
    const spread = spec.minuteVolatility * regime.volatility;
    position += spread * (regime.drift + gaussian(random)) - regime.pull * (position - anchor);
    path[minute] = position;
    volatility[minute] = spread;
    turnover[minute] = regime.turnover;
  }
  const correction = (target - position) / MINUTES_PER_DAY;
  for (let minute = 0; minute < MINUTES_PER_DAY; minute += 1) {
    path[minute] = (path[minute] ?? 0) + correction * (minute + 1);
  }
  return { path, volatility, turnover };
}

export function createDayBlock(): DayBlock {
  const column = () => new Float64Array(MINUTES_PER_DAY);
  return {
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
    quoteVolume: column(),
    takerVolume: column(),
    takerQuoteVolume: column(),
    tradesBefore: new Float64Array(MINUTES_PER_DAY + 1),
  };
}

function setPrices(
  block: DayBlock,
  minute: number,
  open: number,
  high: number,
  low: number,
  close: number,
): void {
  block.open[minute] = open;
  block.high[minute] = high;
  block.low[minute] = low;
  block.close[minute] = close;
}

/** Splits the lots over the four prices of the bar: the quote amount is then exact and inside low..high. */
function setAmounts(block: DayBlock, minute: number, lots: number, random: Random): void {
  const atHigh = Math.floor(lots * 0.25 * random());
  const atLow = Math.floor(lots * 0.25 * random());
  const atOpen = Math.floor((lots - atHigh - atLow) * random());
  const atClose = lots - atHigh - atLow - atOpen;
  const quote =
    atHigh * (block.high[minute] ?? 0) +
    atLow * (block.low[minute] ?? 0) +
    atOpen * (block.open[minute] ?? 0) +
    atClose * (block.close[minute] ?? 0);
  const rising = (block.close[minute] ?? 0) >= (block.open[minute] ?? 0) ? 0.06 : -0.06;
  const takerShare = 0.5 + rising + (random() - 0.5) * 0.3;
  const takerLots = Math.floor(lots * takerShare);
  block.volume[minute] = lots;
  block.quoteVolume[minute] = quote;
  block.takerVolume[minute] = takerLots;
  block.takerQuoteVolume[minute] = Math.floor(quote * (takerLots / lots));
}

/** Shares the day's trades out by weight: every minute that trades gets at least a few, an idle one none. */
function numberTrades(block: DayBlock, weights: Float64Array): void {
  let total = 0;
  for (const weight of weights) total += weight;
  let sum = 0;
  for (let minute = 0; minute < MINUTES_PER_DAY; minute += 1) {
    sum += weights[minute] ?? 0;
    const isLast = minute === MINUTES_PER_DAY - 1;
    block.tradesBefore[minute + 1] = isLast ? TRADES_PER_DAY : Math.floor((sum / total) * TRADES_PER_DAY);
  }
}

export const dayOf = (time: number): number => Math.floor(time / DAY_MS);
