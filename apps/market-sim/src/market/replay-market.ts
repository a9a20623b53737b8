import { barEnd, barStart, HOUR_MS, type Interval, intervalLengthMs } from './interval.ts';
import { addPart, DECIMALS, emptyKline, type Kline } from './kline.ts';
import type { MarketSource, Series } from './market-source.ts';
import { createRecordedRows, formingRow, type RecordedRows } from './recorded-rows.ts';
import { type ReplayFile, ReplayFileError } from './replay-file.ts';
import type { TradedPair } from './traded-pair.ts';

/** Rows before the start are the history that a newcomer may ask for. */
const DEFAULT_HISTORY_ROWS = 300;
/** The final frames of the last bars are still to be sent when the recording has ended. */
const END_MARGIN_MS = 1_000;
const QUOTE_ASSETS = ['USDT', 'USDC', 'BUSD', 'TUSD', 'BTC', 'ETH', 'BNB', 'EUR'];

export interface ReplayMarket extends MarketSource {
  /** Venue time at which the replay starts and the one at which it stops. */
  readonly startAt: number;
  readonly endAt: number;
}

interface Recording {
  interval: Interval;
  rows: RecordedRows;
}

interface RecordedSymbol {
  pair: TradedPair;
  /** Smallest interval first. */
  recordings: Recording[];
}

/**
 * Serves recordings as a venue would have: their rows as they are, larger bars added up from the smallest
 * rows, holes left as holes. `startIndex` counts rows of the first file's series.
 */
export function createReplayMarket(files: readonly ReplayFile[], startIndex?: number): ReplayMarket {
  const bySymbol = groupBySymbol(files);
  const first = files[0];
  const firstRows = bySymbol
    .get(first?.symbol ?? '')
    ?.recordings.find(({ interval }) => interval === first?.interval)?.rows;
  if (!firstRows) throw new ReplayFileError('a replay needs at least one file');
  const start = startIndex ?? (firstRows.length > DEFAULT_HISTORY_ROWS ? DEFAULT_HISTORY_ROWS : 0);
  if (start >= firstRows.length) {
    throw new ReplayFileError(
      `the replay cannot start at row ${start}: the first recording has ${firstRows.length}`,
    );
  }

  function recordingOf({ symbol, interval, offsetMs }: Series): Recording | undefined {
    const recordings = bySymbol.get(symbol)?.recordings ?? [];
    const exact = recordings.find((recording) => recording.interval === interval);
    if (exact && isUnshifted(interval, offsetMs)) return exact;
    return recordings.find((recording) => fits(recording.interval, interval, offsetMs));
  }

  function recorded(series: Series): Recording {
    const recording = recordingOf(series);
    if (!recording) throw new Error(`no recording holds ${series.symbol} ${series.interval}`);
    return recording;
  }

  function isOwn({ interval, offsetMs }: Series, recording: Recording): boolean {
    return recording.interval === interval && isUnshifted(interval, offsetMs);
  }

  const startOf = (series: Series, recording: Recording, openTime: number) =>
    isOwn(series, recording) ? openTime : barStart(series.interval, openTime, series.offsetMs);

  /** One recorded row as known at `now`. */
  function rowAt(recording: Recording, index: number, tick: number, now: number): Kline {
    const row = recording.rows.row(index);
    if (now >= row.closeTime) return row;
    const length = row.closeTime + 1 - row.openTime;
    const share = (now + 1 - row.openTime) / length;
    if (row.trades > 0 && Math.floor(row.trades * share) === 0) {
      const before = index > 0 ? recording.rows.row(index - 1).close : row.open;
      return emptyKline(row.openTime, row.closeTime, before);
    }
    return formingRow(row, share, tick);
  }

  return {
    symbols: [...bySymbol.values()].map(({ pair }) => pair),
    startAt: firstRows.openTime(start),
    endAt: lastMoment(bySymbol) + END_MARGIN_MS,
    has: (series) => recordingOf(series) !== undefined,
    barAtOrBefore(series, time) {
      const recording = recordingOf(series);
      const index = recording ? recording.rows.firstAtOrAfter(time + 1) - 1 : -1;
      if (!recording || index < 0) return undefined;
      return startOf(series, recording, recording.rows.openTime(index));
    },
    barAfter(series, time) {
      const recording = recordingOf(series);
      if (!recording) return undefined;
      const { rows } = recording;
      let index = rows.firstAtOrAfter(time + 1);
      if (index >= rows.length) return undefined;
      const start = startOf(series, recording, rows.openTime(index));
      if (start > time) return start;
      index = rows.firstAtOrAfter(barEnd(series.interval, start, series.offsetMs));
      return index < rows.length ? startOf(series, recording, rows.openTime(index)) : undefined;
    },
    closeTime(series, openTime) {
      const recording = recorded(series);
      if (!isOwn(series, recording)) return barEnd(series.interval, openTime, series.offsetMs) - 1;
      return recording.rows.closeTime(recording.rows.firstAtOrAfter(openTime));
    },
    bar(series, openTime, now) {
      const recording = recorded(series);
      const { rows } = recording;
      const tick = 10 ** (DECIMALS - (bySymbol.get(series.symbol)?.pair.priceDecimals ?? 0));
      let index = rows.firstAtOrAfter(openTime);
      if (isOwn(series, recording)) return rowAt(recording, index, tick, now);
      const end = barEnd(series.interval, openTime, series.offsetMs);
      const bar = { ...rowAt(recording, index, tick, now), openTime, closeTime: end - 1 };
      for (index += 1; index < rows.length; index += 1) {
        const at = rows.openTime(index);
        if (at >= end || at > now) break;
        addPart(bar, rowAt(recording, index, tick, now));
      }
      return bar;
    },
  };
}

/** Whether bars of this interval have the same borders with the offset as without. */
const isUnshifted = (interval: Interval, offsetMs: number): boolean =>
  offsetMs === 0 || (intervalLengthMs(interval) <= HOUR_MS && offsetMs % intervalLengthMs(interval) === 0);

/** Whether rows of `small` add up to whole bars of `large`. */
function fits(small: Interval, large: Interval, offsetMs: number): boolean {
  const length = intervalLengthMs(small);
  if (small === '1M' || small === '1w' || small === '3d') return false;
  return (
    length < intervalLengthMs(large) && intervalLengthMs(large) % length === 0 && offsetMs % length === 0
  );
}

function groupBySymbol(files: readonly ReplayFile[]): Map<string, RecordedSymbol> {
  const bySymbol = new Map<string, RecordedSymbol>();
  for (const [symbol, ofSymbol] of Map.groupBy(files, (file) => file.symbol)) {
    const recordings = [...Map.groupBy(ofSymbol, (file) => file.interval)].map(([interval, same]) => ({
      interval,
      rows: createRecordedRows(same.flatMap(({ bars }) => bars)),
    }));
    recordings.sort((left, right) => intervalLengthMs(left.interval) - intervalLengthMs(right.interval));
    bySymbol.set(symbol, { pair: pairOf(symbol, ofSymbol), recordings });
  }
  return bySymbol;
}

function pairOf(symbol: string, files: readonly ReplayFile[]): TradedPair {
  const quoteAsset = QUOTE_ASSETS.find((asset) => symbol.length > asset.length && symbol.endsWith(asset));
  return {
    symbol,
    baseAsset: quoteAsset ? symbol.slice(0, -quoteAsset.length) : symbol,
    quoteAsset: quoteAsset ?? '',
    priceDecimals: Math.min(DECIMALS, Math.max(...files.map((file) => file.priceDecimals))),
    quantityDecimals: Math.min(DECIMALS, Math.max(...files.map((file) => file.quantityDecimals))),
  };
}

function lastMoment(bySymbol: ReadonlyMap<string, RecordedSymbol>): number {
  let last = 0;
  for (const { recordings } of bySymbol.values()) {
    for (const { interval, rows } of recordings) {
      last = Math.max(last, barEnd(interval, rows.openTime(rows.length - 1)));
    }
  }
  return last;
}
