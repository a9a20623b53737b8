import { TIMEFRAMES, type Timeframe } from '@onefeed/contracts';
import type pg from 'pg';
import type { Simulator, TrueBar } from './simulator.ts';

/** What differs between the candles stored and those that the venue had. */
export interface Comparison {
  /** Candles compared. */
  candles: number;
  /** One line for each difference, at most a few a series. */
  differences: string[];
}

const SHOWN = 5;

/**
 * Holds the `candles` table against the truth, series by series: every bar of the venue from the oldest stored
 * one to `to` (open time, ms, inclusive), digit by digit. The oldest must not be younger than `from`.
 */
export async function compareWithTruth(
  database: pg.Pool,
  simulator: Simulator,
  instruments: readonly string[],
  from: number,
  to: number,
  timeframes: readonly Timeframe[] = TIMEFRAMES,
): Promise<Comparison> {
  const result: Comparison = { candles: 0, differences: [] };
  for (const instrument of instruments) {
    for (const timeframe of timeframes) {
      const stored = await readStored(database, instrument, timeframe);
      const name = `${instrument} ${timeframe}`;
      const oldest = stored.at(0)?.openTime;
      if (oldest === undefined || oldest > from) {
        result.differences.push(
          `${name}: nothing stored from the beginning of the period (oldest ${oldest})`,
        );
        continue;
      }
      const truth = await simulator.truth(instrument, timeframe, oldest, to);
      result.candles += truth.length;
      result.differences.push(
        ...differencesOf(
          name,
          stored.filter((bar) => bar.openTime <= to),
          truth,
        ),
      );
    }
  }
  return result;
}

/** Differences of two ascending lists of bars of one series. */
export function differencesOf(name: string, stored: readonly TrueBar[], truth: readonly TrueBar[]): string[] {
  const byOpenTime = new Map(stored.map((bar) => [bar.openTime, bar]));
  const differences: string[] = [];
  for (const bar of truth) {
    const found = byOpenTime.get(bar.openTime);
    byOpenTime.delete(bar.openTime);
    const at = `${name} ${new Date(bar.openTime).toISOString()}`;
    if (found === undefined) differences.push(`${at}: missing`);
    else if (found.values.join() !== bar.values.join())
      differences.push(`${at}: stored ${found.values}, true ${bar.values}`);
  }
  for (const { openTime, values } of byOpenTime.values()) {
    differences.push(`${name} ${new Date(openTime).toISOString()}: stored ${values}, the venue has none`);
  }
  if (differences.length <= SHOWN) return differences;
  return [...differences.slice(0, SHOWN), `${name}: ${differences.length - SHOWN} more`];
}

export async function readStored(
  database: pg.Pool,
  instrument: string,
  timeframe: Timeframe,
): Promise<TrueBar[]> {
  const { rows } = await database.query<{ open_time: string; values: string[] }>(
    `select open_time::text, array[open::text, high::text, low::text, close::text, volume::text,
       quote_volume::text, trades::text] as values
     from candles where venue = 'binance' and instrument = $1 and timeframe = $2 order by open_time`,
    [instrument, timeframe],
  );
  return rows.map((row) => ({ openTime: Number(row.open_time), values: row.values }));
}
