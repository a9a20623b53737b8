import type { Candle, StoredCandle, Timeframe, Venue } from '@onefeed/contracts';
import type { CandlesRepository } from '@onefeed/db';
import { type CandleSeries, CHART_BARS, createCandleSeries, toBar } from './candle-series.ts';
import { candleChannelName } from './channel-name.ts';
import type { Hub } from './hub.ts';
import type { LiveStream } from './live-stream.ts';

/** Past this many closed bars at once (history of a stream just opened) readers get the state anew. */
const MANY_BARS = 5;

export interface WatchedStream {
  venue: Venue;
  instrument: string;
  timeframe: Timeframe;
}

export interface CandleStreamView extends WatchedStream {
  stream: LiveStream;
  bars: number;
  lastClose: string | null;
}

/** The candle channels somebody watches, each with the bars of its chart. */
export interface CandleStreams {
  open(watched: WatchedStream): LiveStream | null;
  applyForming(candles: readonly Candle[]): void;
  applyClosed(candles: readonly StoredCandle[]): void;
  /** Streams that have readers, or had until a moment ago: what we ask the gateway for. */
  watched(): WatchedStream[];
  /** Those with readers now. */
  views(): CandleStreamView[];
  forget(keys: readonly string[]): void;
}

interface Entry {
  watched: WatchedStream;
  series: CandleSeries;
  /** Resolves when the stored bars are in the series; null before the first try and after a failed one. */
  loading: Promise<void> | null;
}

export function createCandleStreams(deps: {
  hub: Hub;
  candles: Pick<CandlesRepository, 'latest'>;
  /** The set of watched streams has grown. */
  onDemand: () => void;
}): CandleStreams {
  const entries = new Map<string, Entry>();

  const load = (entry: Entry): Promise<void> => {
    entry.loading ??= deps.candles
      .latest(entry.watched, CHART_BARS)
      .then((stored) => {
        for (const candle of stored) entry.series.put(toBar(candle));
      })
      .catch((error: unknown) => {
        entry.loading = null;
        throw error;
      });
    return entry.loading;
  };

  const group = <One extends Candle>(candles: readonly One[]): Map<string, One[]> => {
    const groups = new Map<string, One[]>();
    for (const candle of candles) {
      const key = candleChannelName(candle.venue, candle.instrument, candle.timeframe);
      if (!entries.has(key)) continue;
      const known = groups.get(key);
      if (known) known.push(candle);
      else groups.set(key, [candle]);
    }
    return groups;
  };

  const apply = (candles: readonly Candle[]): void => {
    for (const [key, ofStream] of group(candles)) {
      const entry = entries.get(key);
      const stream = deps.hub.find(key);
      if (!entry || !stream) continue;
      const changed = ofStream.map(toBar).filter((bar) => entry.series.put(bar));
      if (changed.length > MANY_BARS) stream.republish({ candles: entry.series.bars() });
      else for (const bar of changed) stream.publish({ candle: bar }, String(bar.openTime));
    }
  };

  return {
    open: (watched) => {
      const key = candleChannelName(watched.venue, watched.instrument, watched.timeframe);
      const entry = entries.get(key) ?? { watched, series: createCandleSeries(), loading: null };
      const stream = deps.hub.open({
        key,
        channel: key,
        kind: 'state',
        readSnapshot: async () => {
          await load(entry);
          return { candles: [...entry.series.bars()] };
        },
      });
      if (stream && !entries.has(key)) {
        entries.set(key, entry);
        deps.onDemand();
      }
      return stream;
    },
    applyForming: apply,
    applyClosed: apply,
    watched: () => [...entries.values()].map((entry) => entry.watched),
    views: () =>
      [...entries].flatMap(([key, { watched, series }]) => {
        const stream = deps.hub.find(key);
        if (!stream || stream.readers.size === 0) return [];
        const bars = series.bars();
        return [{ ...watched, stream, bars: bars.length, lastClose: bars.at(-1)?.close ?? null }];
      }),
    forget: (keys) => {
      for (const key of keys) entries.delete(key);
    },
  };
}
