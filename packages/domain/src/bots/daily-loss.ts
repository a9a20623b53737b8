import type { Amount } from '../money/amount.ts';

const DAY_MS = 86_400_000;

/** Net profit of the trades closed on one UTC day of the market clock. */
export interface DailyProfit {
  readonly day: number;
  readonly profit: Amount;
}

export const NO_PROFIT_YET: DailyProfit = { day: 0, profit: 0n };

export const utcDayOf = (at: number): number => Math.floor(at / DAY_MS);

/** Adds a trade's profit; a new day starts from nothing. */
export function addProfit(before: DailyProfit, profit: Amount, at: number): DailyProfit {
  const day = utcDayOf(at);
  if (day < before.day) return before;
  return { day, profit: day === before.day ? before.profit + profit : profit };
}

/** What was lost on the day of `at`; 0 on another day or after a gain. */
export const lostToday = (daily: DailyProfit, at: number): Amount =>
  daily.day === utcDayOf(at) && daily.profit < 0n ? -daily.profit : 0n;
