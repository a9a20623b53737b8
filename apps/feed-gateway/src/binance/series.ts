import { type Candle, type FeedTrouble, TIMEFRAME_MS, type Timeframe } from '@onefeed/contracts';

/** Final frames kept while the history of a series is read; past it the history is read once more. */
const MAX_HELD = 100;
/** A final frame that has not come this long after the close (venue time) is read from history. */
const OVERDUE_MS = 5_000;

/** What is known of one candle stream. */
export interface Series {
  instrument: string;
  timeframe: Timeframe;
  /**
   * `loading`: its history is being read; final frames wait, so that candles are stored in ascending order.
   * `live`: stored up to `lastOpenTime`, final frames follow.
   */
  phase: 'loading' | 'live';
  /** Open time of the newest closed candle handed to the store; null before the first. */
  lastOpenTime: number | null;
  /** A socket carries its stream. */
  connected: boolean;
  /** Its history was read up to the venue's present at least once. */
  complete: boolean;
  /** The candle after the last should have closed and the venue's history had none when last asked. */
  overdue: boolean;
  /** Closed candles wanted, and how many were looked for already. */
  historyWanted: number;
  historyRead: number;
  held: Candle[];
  /** The history must be read again after the present reading. */
  reload: boolean;
  /** Open time of the oldest candle that came but was not stored; the history is read from there. */
  lostFrom: number | null;
  /** Wall clock before which an overdue candle is not asked for again: the venue may really have none. */
  askAgainAt: number;
}

/** What to do with a final frame. `gap`: candles before it are missing, so history comes first. */
export type FinalOutcome = 'store' | 'held' | 'duplicate' | 'gap';

export const seriesKey = (instrument: string, timeframe: Timeframe): string => `${instrument} ${timeframe}`;

export function createSeries(instrument: string, timeframe: Timeframe): Series {
  return {
    instrument,
    timeframe,
    phase: 'loading',
    lastOpenTime: null,
    connected: false,
    complete: false,
    overdue: false,
    historyWanted: 0,
    historyRead: 0,
    held: [],
    reload: false,
    lostFrom: null,
    askAgainAt: 0,
  };
}

/** Merges a final frame by open time. */
export function acceptFinal(series: Series, candle: Candle): FinalOutcome {
  if (series.lastOpenTime !== null && candle.openTime <= series.lastOpenTime) return 'duplicate';
  if (series.phase === 'loading') {
    hold(series, candle);
    return 'held';
  }
  const expected = series.lastOpenTime === null ? null : series.lastOpenTime + TIMEFRAME_MS[series.timeframe];
  if (expected === null || candle.openTime > expected) {
    series.phase = 'loading';
    hold(series, candle);
    return 'gap';
  }
  series.lastOpenTime = candle.openTime;
  series.overdue = false;
  return 'store';
}

function hold(series: Series, candle: Candle): void {
  if (series.held.length >= MAX_HELD) {
    series.held = [];
    series.reload = true;
  }
  series.held.push(candle);
}

/**
 * Ends the loading; returns the final frames that came meanwhile and follow the history without a hole,
 * ascending. A final frame may be missing among those too: the ones behind the hole stay held, and the history
 * is to be read once more (`reload`); by then it has them, so what is missing then is the venue's hole.
 */
export function finishLoading(series: Series, lastOpenTime: number | null): Candle[] {
  const byOpenTime = new Map(series.held.map((candle) => [candle.openTime, candle]));
  const newer = [...byOpenTime.values()]
    .filter((candle) => lastOpenTime === null || candle.openTime > lastOpenTime)
    .sort((a, b) => a.openTime - b.openTime);
  const following: Candle[] = [];
  let last = lastOpenTime;
  for (const candle of newer) {
    if (last !== null && candle.openTime > last + TIMEFRAME_MS[series.timeframe]) break;
    following.push(candle);
    last = candle.openTime;
  }
  series.held = newer.slice(following.length);
  series.lastOpenTime = last;
  if (series.held.length > 0) series.reload = true;
  else {
    series.phase = 'live';
    series.complete = true;
  }
  return following;
}

/** Whether a closed candle should have come by now. `venueTime` and the candle's times are the venue's, ms. */
export function isOverdue(series: Series, venueTime: number, wallTime: number): boolean {
  if (series.phase !== 'live' || wallTime < series.askAgainAt) return false;
  return isBehind(series, venueTime);
}

/** Whether the bar after the last one, which closes two lengths after that one's open, is late at a venue time. */
export function isBehind(series: Series, venueTime: number): boolean {
  if (series.lastOpenTime === null) return false;
  return venueTime >= series.lastOpenTime + 2 * TIMEFRAME_MS[series.timeframe] + OVERDUE_MS;
}

/** Why a series may not be believed now; null when it may. */
export function troubleOf(series: Series): FeedTrouble | null {
  if (!series.connected) return 'disconnected';
  if (series.phase === 'loading' || series.lostFrom !== null) return 'incomplete';
  return series.overdue ? 'overdue' : null;
}
