import type { SimClock } from '../clock.ts';
import type { MarketSource, Series } from '../market/market-source.ts';
import { hash32 } from '../random.ts';
import { createKlineEvent, type KlineEvent } from './kline-event.ts';
import { parseKlineStream } from './stream-name.ts';

/** Partials come just after even marks of venue time: 1 s for 1s bars, 2 s for all others. */
const SECOND_BAR_PERIOD_MS = 1_000;
const PERIOD_MS = 2_000;
/** Whatever the speed, a stream sends partials at most this often in wall time. */
const MIN_WALL_PERIOD_MS = 200;
/** Final frames come 5..150 ms of venue time after the bar's last millisecond; those of 1s bars sooner. */
const FINAL_DELAY_MS = { min: 5, max: 150 };
const SECOND_BAR_FINAL_DELAY_MS = { min: 2, max: 16 };

export interface FeedSubscriber {
  deliver(event: KlineEvent): void;
}

/** What a fault may do to the final frame of one bar. */
export type FinalFate = 'send' | 'drop' | 'duplicate' | { lateMs: number };

export interface KlineFeed {
  /** Any well-formed name is accepted, as on the venue; one without a series stays silent. */
  subscribe(stream: string, subscriber: FeedSubscriber): void;
  unsubscribe(stream: string, subscriber: FeedSubscriber): void;
  /** Sends everything due by venue time `now`, oldest first per stream. */
  advance(now: number): void;
  /** Venue time of the next frame; Infinity when no stream is open. */
  nextDue(): number;
  readonly streamCount: number;
  streamNames(): string[];
  /** Most subscribers one stream ever had at once: above one, a client holds a stream on two connections. */
  readonly mostSubscribers: number;
}

export interface KlineFeedDeps {
  source: MarketSource;
  clock: SimClock;
  /** Seeds the jitter of event times. */
  seed: number;
  finalFate?(stream: string, openTime: number): FinalFate;
}

interface OpenStream {
  name: string;
  series: Series;
  subscribers: Set<FeedSubscriber>;
  periodMs: number;
  /** The bar whose final frame comes next; undefined past the end of a recording. */
  openTime: number | undefined;
  closeTime: number;
  finalAt: number;
  partialAt: number;
  /** Bars whose final frame a fault holds back, oldest first. */
  late: { openTime: number; closeTime: number; at: number }[];
  /** Event time of the last frame; event times of a stream never go back. */
  sentAt: number;
}

export function createKlineFeed({ source, clock, seed, finalFate }: KlineFeedDeps): KlineFeed {
  const streams = new Map<string, OpenStream>();
  let mostSubscribers = 0;

  function jitter(name: string, mark: number): number {
    return 15 + (hash32(seed, name, 'partial', mark) % 7);
  }

  function finalDelay(stream: OpenStream, openTime: number): number {
    const { min, max } = stream.series.interval === '1s' ? SECOND_BAR_FINAL_DELAY_MS : FINAL_DELAY_MS;
    return min + (hash32(seed, stream.name, 'final', openTime) % (max - min + 1));
  }

  function enterBar(stream: OpenStream, openTime: number | undefined): void {
    stream.openTime = openTime;
    stream.closeTime = openTime === undefined ? Infinity : source.closeTime(stream.series, openTime);
    stream.finalAt = openTime === undefined ? Infinity : stream.closeTime + finalDelay(stream, openTime);
  }

  function setNextPartial(stream: OpenStream, after: number): void {
    const mark = (Math.floor(after / stream.periodMs) + 1) * stream.periodMs;
    stream.partialAt = mark + jitter(stream.name, mark);
  }

  function open(name: string, now: number): OpenStream | undefined {
    const series = parseKlineStream(name);
    if (!series || !source.has(series)) return undefined;
    const base = series.interval === '1s' ? SECOND_BAR_PERIOD_MS : PERIOD_MS;
    const slowest = Math.ceil((MIN_WALL_PERIOD_MS * clock.speed) / base) * base;
    const stream: OpenStream = {
      name,
      series,
      subscribers: new Set(),
      periodMs: Math.max(base, slowest),
      openTime: undefined,
      closeTime: Infinity,
      finalAt: Infinity,
      partialAt: Infinity,
      late: [],
      sentAt: -Infinity,
    };
    const current = source.barAtOrBefore(series, now);
    enterBar(stream, current === undefined ? source.barAfter(series, now) : current);
    // The final frame of a bar that closed before the subscription is not repeated.
    while (stream.openTime !== undefined && stream.finalAt <= now) {
      enterBar(stream, source.barAfter(series, stream.openTime));
    }
    setNextPartial(stream, now);
    streams.set(name, stream);
    return stream;
  }

  function send(stream: OpenStream, openTime: number, barTime: number, at: number, isFinal: boolean): void {
    const eventTime = Math.max(at, stream.sentAt);
    stream.sentAt = eventTime;
    const bar = source.bar(stream.series, openTime, barTime);
    const event = createKlineEvent(stream.name, stream.series, bar, eventTime, isFinal);
    for (const subscriber of stream.subscribers) subscriber.deliver(event);
  }

  function sendFinal(stream: OpenStream, openTime: number): void {
    const { closeTime, finalAt } = stream;
    const fate = finalFate?.(stream.name, openTime) ?? 'send';
    if (fate === 'drop') return;
    if (typeof fate === 'object') {
      stream.late.push({ openTime, closeTime, at: finalAt + fate.lateMs });
      return;
    }
    send(stream, openTime, closeTime, finalAt, true);
    if (fate === 'duplicate') send(stream, openTime, closeTime, finalAt, true);
  }

  function sendLate(stream: OpenStream, now: number): void {
    for (let first = stream.late[0]; first && first.at <= now; first = stream.late[0]) {
      stream.late.shift();
      send(stream, first.openTime, first.closeTime, first.at, true);
    }
  }

  function advanceStream(stream: OpenStream, now: number): void {
    while (stream.openTime !== undefined && stream.finalAt <= now) {
      sendLate(stream, stream.finalAt);
      sendFinal(stream, stream.openTime);
      enterBar(stream, source.barAfter(stream.series, stream.openTime));
    }
    sendLate(stream, now);
    if (stream.partialAt > now) return;
    // After a stall only the latest mark is sent: partials replace each other.
    const mark = Math.floor((now - 22) / stream.periodMs) * stream.periodMs;
    const at = Math.max(stream.partialAt, mark + jitter(stream.name, mark), stream.sentAt + 1);
    const { openTime, closeTime } = stream;
    if (openTime !== undefined && at >= openTime && at <= closeTime) send(stream, openTime, at, at, false);
    setNextPartial(stream, at);
  }

  return {
    subscribe(name, subscriber) {
      const stream = streams.get(name) ?? open(name, clock.now());
      if (!stream) return;
      stream.subscribers.add(subscriber);
      mostSubscribers = Math.max(mostSubscribers, stream.subscribers.size);
    },
    unsubscribe(name, subscriber) {
      const stream = streams.get(name);
      if (!stream) return;
      stream.subscribers.delete(subscriber);
      if (stream.subscribers.size === 0) streams.delete(name);
    },
    advance(now) {
      for (const stream of [...streams.values()]) advanceStream(stream, now);
    },
    nextDue() {
      let due = Infinity;
      for (const stream of streams.values()) {
        due = Math.min(due, stream.finalAt, stream.partialAt, stream.late[0]?.at ?? Infinity);
      }
      return due;
    },
    streamNames: () => [...streams.keys()],
    get streamCount() {
      return streams.size;
    },
    get mostSubscribers() {
      return mostSubscribers;
    },
  };
}
