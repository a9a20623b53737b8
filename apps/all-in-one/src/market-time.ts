import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the simulator is told, so that simulated time is one line over restarts of it and of everything. */
export interface SimulatorTime {
  /** Wall time, ms, at which simulated and wall time were the same. */
  startedAt: number;
  speed: number;
}

/** The last simulated time that was noted, ms. */
export interface TimeMark {
  simulated: number;
}

/** Time may run unsaved for this long (a kill), and must never run backwards. */
export const SAVE_EVERY_MS = 5_000;
const MARGIN_MS = 2 * SAVE_EVERY_MS;
/** At exactly the wall's speed simulated time could not be ahead of the wall's. */
const SLOWEST_AHEAD = 1.01;

/**
 * Time goes on where it was left: the stored candles stay the market's past. It stands still while nothing runs
 * (with a high speed a night would become months to fill), but is never behind the wall clock. A new market
 * starts at the wall clock's time.
 */
export function continueTime(last: TimeMark | undefined, speed: number, wallNow: number): SimulatorTime {
  const reached = last === undefined ? wallNow : last.simulated + MARGIN_MS * speed;
  const ahead = reached - wallNow;
  if (ahead <= 0) return { startedAt: wallNow, speed };
  const used = Math.max(speed, SLOWEST_AHEAD);
  return { startedAt: Math.max(0, Math.floor(wallNow - ahead / (used - 1))), speed: used };
}

/** Simulated time at a wall time. */
export function simulatedAt({ startedAt, speed }: SimulatorTime, wallNow: number): number {
  return Math.floor(startedAt + (wallNow - startedAt) * speed);
}

export interface MarketTime extends SimulatorTime {
  stop(): void;
}

/** Continues the time of the market with this seed and keeps noting it in `home`. */
export function openMarketTime(options: {
  home: string;
  seed: number;
  speed: number;
  now: () => number;
}): MarketTime {
  const file = join(options.home, `market-time-${options.seed}.json`);
  const time = continueTime(readMark(file), options.speed, options.now());
  const save = () => {
    try {
      writeFileSync(file, `${JSON.stringify({ simulated: simulatedAt(time, options.now()) })}\n`);
    } catch {
      // A full disk must not end the platform; the next save may succeed.
    }
  };
  save();
  const timer = setInterval(save, SAVE_EVERY_MS);
  return {
    ...time,
    stop() {
      clearInterval(timer);
      save();
    },
  };
}

function readMark(file: string): TimeMark | undefined {
  try {
    const mark = JSON.parse(readFileSync(file, 'utf8')) as TimeMark;
    return Number.isFinite(mark.simulated) ? mark : undefined;
  } catch {
    return undefined;
  }
}
