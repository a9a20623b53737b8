import { TIMEFRAME_MS } from '@onefeed/contracts';
import { type BinanceStream, nameOf } from './binance-stream.ts';

/** A bar without trades still gets its final frame, so a stream may be silent for its bar and a little more. */
const GRACE_MS = 30_000;
/** A stream that stays silent (a suspended symbol) is asked for again ever more rarely. */
const MAX_DOUBLINGS = 8;
/** Bars in a row that only the history had, without any frame: then asked for anew, then a new connection. */
const MISSED_BEFORE_RENEWAL = 2;
const MISSED_BEFORE_RECONNECT = 4;

/** What is known of the silence of the streams of one socket. Wall clock, ms. */
export interface StreamWatch {
  /** The venue acknowledged it: its silence counts from now. */
  begin(stream: BinanceStream, now: number): void;
  end(name: string): void;
  heard(name: string, now: number): void;
  /** Streams silent for longer than their bar allows; each is told again after twice the time. */
  silent(now: number): string[];
  /** The history has a bar that the stream did not bring. */
  missed(name: string): 'nothing' | 'renew' | 'reconnect';
  clear(): void;
}

export function createStreamWatch(): StreamWatch {
  const streams = new Map<string, { limitMs: number; quietSince: number; told: number; missed: number }>();
  return {
    begin(stream, now) {
      const name = nameOf(stream);
      const known = streams.get(name);
      streams.set(name, {
        limitMs: TIMEFRAME_MS[stream.timeframe] + GRACE_MS,
        quietSince: now,
        told: known?.told ?? 0,
        missed: known?.missed ?? 0,
      });
    },
    end: (name) => void streams.delete(name),
    heard(name, now) {
      const stream = streams.get(name);
      if (!stream) return;
      stream.quietSince = now;
      stream.told = 0;
      stream.missed = 0;
    },
    silent(now) {
      const names: string[] = [];
      for (const [name, stream] of streams) {
        if (now - stream.quietSince < stream.limitMs * 2 ** stream.told) continue;
        stream.quietSince = now;
        stream.told = Math.min(stream.told + 1, MAX_DOUBLINGS);
        names.push(name);
      }
      return names;
    },
    missed(name) {
      const stream = streams.get(name);
      if (!stream) return 'nothing';
      stream.missed += 1;
      if (stream.missed === MISSED_BEFORE_RENEWAL) return 'renew';
      return stream.missed >= MISSED_BEFORE_RECONNECT ? 'reconnect' : 'nothing';
    },
    clear: () => streams.clear(),
  };
}
