import {
  type Candle,
  type Instrument,
  InstrumentName,
  NonNegativeDecimal,
  TIMEFRAME_MS,
  type Timeframe,
  TimeMs,
} from '@onefeed/contracts';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { TradeCount } from './frames.ts';
import { isPlausible } from './mapper.ts';

/**
 * One bar of GET /api/v3/klines: open time, OHLC, base volume, close time, quote volume, trades, taker buys
 * (base, quote), unused.
 */
const KlineRow = Type.Tuple([
  TimeMs,
  NonNegativeDecimal,
  NonNegativeDecimal,
  NonNegativeDecimal,
  NonNegativeDecimal,
  NonNegativeDecimal,
  TimeMs,
  NonNegativeDecimal,
  TradeCount,
  Type.Unknown(),
  Type.Unknown(),
  Type.Unknown(),
]);
const klineRow = Compile(KlineRow);

/** A bar of the venue's history and the last millisecond that belongs to it. */
export interface HistoryBar {
  candle: Candle;
  closeTime: number;
}

/** Maps rows of a klines answer; null when the answer is not a list. Bad rows are left out and counted. */
export function mapKlineRows(
  answer: unknown,
  instrument: string,
  timeframe: Timeframe,
): { bars: HistoryBar[]; bad: number } | null {
  if (!Array.isArray(answer)) return null;
  const bars: HistoryBar[] = [];
  let bad = 0;
  for (const row of answer) {
    if (
      !klineRow.Check(row) ||
      row[0] % TIMEFRAME_MS[timeframe] !== 0 ||
      row[6] < row[0] ||
      !isPlausible(row[1], row[2], row[3], row[4])
    ) {
      bad += 1;
      continue;
    }
    bars.push({
      closeTime: row[6],
      candle: {
        venue: 'binance',
        instrument,
        timeframe,
        openTime: row[0],
        open: row[1],
        high: row[2],
        low: row[3],
        close: row[4],
        volume: row[5],
        quoteVolume: row[7],
        trades: row[8],
        closed: true,
      },
    });
  }
  return { bars, bad };
}

const SymbolRow = Type.Object({
  symbol: InstrumentName,
  status: Type.String(),
  baseAsset: Type.String(),
  quoteAsset: Type.String(),
  isSpotTradingAllowed: Type.Optional(Type.Boolean()),
  filters: Type.Array(Type.Object({ filterType: Type.String() })),
});
const PriceFilter = Type.Object({ filterType: Type.Literal('PRICE_FILTER'), tickSize: NonNegativeDecimal });
const LotSize = Type.Object({
  filterType: Type.Literal('LOT_SIZE'),
  stepSize: NonNegativeDecimal,
  minQty: NonNegativeDecimal,
});
const Notional = Type.Object({
  filterType: Type.Union([Type.Literal('NOTIONAL'), Type.Literal('MIN_NOTIONAL')]),
  minNotional: NonNegativeDecimal,
});
const ExchangeInfo = Type.Object({ symbols: Type.Array(Type.Unknown()) });
const RateLimit = Type.Object({
  rateLimitType: Type.Literal('REQUEST_WEIGHT'),
  interval: Type.Literal('MINUTE'),
  intervalNum: Type.Literal(1),
  limit: Type.Integer({ minimum: 1 }),
});

const exchangeInfo = Compile(ExchangeInfo);
const symbolRow = Compile(SymbolRow);
const priceFilter = Compile(PriceFilter);
const lotSize = Compile(LotSize);
const notional = Compile(Notional);
const rateLimit = Compile(RateLimit);

/** What exchangeInfo says: instruments with the filters that orders must meet, and the weight allowed a minute. */
export interface ExchangeRules {
  instruments: Instrument[];
  /** Symbols left out: no price, lot or notional filter, or a name outside A-Z a-z 0-9. */
  skipped: number;
  weightPerMinute: number | null;
}

export function mapExchangeInfo(answer: unknown): ExchangeRules | null {
  if (!exchangeInfo.Check(answer)) return null;
  const instruments: Instrument[] = [];
  for (const row of answer.symbols) {
    const instrument = mapSymbol(row);
    if (instrument) instruments.push(instrument);
  }
  const limits: unknown = 'rateLimits' in answer ? answer.rateLimits : [];
  const weight = Array.isArray(limits) ? limits.find((limit) => rateLimit.Check(limit)) : undefined;
  return {
    instruments,
    skipped: answer.symbols.length - instruments.length,
    weightPerMinute: weight === undefined ? null : weight.limit,
  };
}

function mapSymbol(row: unknown): Instrument | null {
  if (!symbolRow.Check(row)) return null;
  const price = row.filters.find((filter) => priceFilter.Check(filter));
  const lot = row.filters.find((filter) => lotSize.Check(filter));
  const value = row.filters.find((filter) => notional.Check(filter));
  if (!priceFilter.Check(price) || !lotSize.Check(lot) || !notional.Check(value)) return null;
  return {
    venue: 'binance',
    instrument: row.symbol,
    baseAsset: row.baseAsset,
    quoteAsset: row.quoteAsset,
    tickSize: price.tickSize,
    stepSize: lot.stepSize,
    minQuantity: lot.minQty,
    minNotional: value.minNotional,
    tradeable: row.status === 'TRADING' && row.isSpotTradingAllowed !== false,
  };
}
