import type { InstrumentsRepository } from '@onefeed/db';
import {
  type Amount,
  type ExchangeMarket,
  parseAmount,
  type TradingRules,
  tradingRulesOf,
} from '@onefeed/domain';

/** The price of a stored candle or signal stands in for one not yet heard only while it is this young (market time). */
const HISTORY_MAX_AGE_MS = 120_000;
/** An instrument that the venue's list did not have is asked for again after this time. */
const RETRY_MS = 5_000;
/** Rules are read again after this time: a venue halts instruments and changes their steps. */
const REFRESH_MS = 60_000;

interface LastPrice {
  price: Amount;
  at: number;
  live: boolean;
}

/** Last prices and trading rules of an exchange's instruments, for the whole process. Bounded by the venue's list. */
export interface ExchangeBook {
  /** A price from the feed (`always`), or from a signal: ignored when older than what is known. */
  observe(instrument: string, price: string, at: number, always?: boolean): void;
  /** A price from stored history, used until a live one comes. */
  remember(instrument: string, price: string, at: number): void;
  /** Null without a usable price or without rules. `now`: market time. */
  market(instrument: string, now: number): ExchangeMarket | null;
  /** Reads the rules of instruments not known yet, or not read for long. */
  learn(instruments: Iterable<string>): Promise<void>;
}

export function createExchangeBook(deps: {
  instruments: Pick<InstrumentsRepository, 'getMany'>;
  monotonicNow: () => number;
}): ExchangeBook {
  const prices = new Map<string, LastPrice>();
  const rules = new Map<string, TradingRules>();
  const asked = new Map<string, number>();

  return {
    observe(instrument, price, at, always = false) {
      const last = prices.get(instrument);
      if (!always && last !== undefined && last.at >= at) return;
      prices.set(instrument, { price: parseAmount(price), at, live: always || last?.live === true });
    },
    remember(instrument, price, at) {
      if (!prices.has(instrument)) prices.set(instrument, { price: parseAmount(price), at, live: false });
    },
    market(instrument, now) {
      const last = prices.get(instrument);
      const known = rules.get(instrument);
      if (last === undefined || known === undefined) return null;
      if (!last.live && (now === 0 || now - last.at > HISTORY_MAX_AGE_MS)) return null;
      return { venue: 'binance', price: last.price, rules: known };
    },
    async learn(instruments) {
      const now = deps.monotonicNow();
      const due = (name: string) =>
        now - (asked.get(name) ?? Number.NEGATIVE_INFINITY) >= (rules.has(name) ? REFRESH_MS : RETRY_MS);
      const wanted = [...new Set(instruments)].filter(due);
      if (wanted.length === 0) return;
      for (const row of await deps.instruments.getMany('binance', wanted)) {
        rules.set(row.instrument, tradingRulesOf(row));
      }
      for (const name of wanted) asked.set(name, now);
    },
  };
}
