import { describe, expect, it, vi } from 'vitest';
import { createSimClock } from '../clock.ts';
import { HOUR_MS, MINUTE_MS } from '../market/interval.ts';
import { decimal8 } from '../market/kline.ts';
import { createSeededMarket } from '../market/seeded-market.ts';
import { createKlineFeed, type FinalFate } from './kline-feed.ts';

// Much work or real sockets: a busy machine takes longer than the default allows.
vi.setConfig({ testTimeout: 30_000 });

const START = Date.UTC(2026, 10, 20, 18, 30, 11);
const source = createSeededMarket(3);

interface Frame {
  E: number;
  k: Record<string, unknown> & { t: number; T: number; x: boolean; n: number; f: number; L: number };
}

/** A feed on a clock that only the test moves; `go` runs it in steps as a timer would. */
function setUp(speed: number, finalFate?: (stream: string, openTime: number) => FinalFate) {
  let wall = 0;
  const clock = createSimClock({ startAt: START, speed, wallNow: () => wall });
  const feed = createKlineFeed({ source, clock, seed: 3, ...(finalFate ? { finalFate } : {}) });
  const frames: Frame[] = [];
  const texts: string[] = [];
  const subscriber = {
    deliver(event: { text(form: { combined: boolean; microseconds: boolean }): string }) {
      const text = event.text({ combined: false, microseconds: false });
      texts.push(text);
      frames.push(JSON.parse(text) as Frame);
    },
  };
  return {
    clock,
    feed,
    frames,
    texts,
    subscriber,
    go(wallMs: number, stepMs = 10) {
      for (const end = wall + wallMs; wall < end; ) {
        wall += stepMs;
        feed.advance(clock.now());
      }
    },
  };
}

describe('the kline feed', () => {
  it.each([1, 60, 1_000])(
    'at speed %i sends one final per bar, in order, 5..150 ms after its end',
    (speed) => {
      const { feed, frames, subscriber, go } = setUp(speed);
      feed.subscribe('btcusdt@kline_1m', subscriber);
      go((10 * MINUTE_MS) / speed);
      const finals = frames.filter(({ k }) => k.x);
      expect(finals.length).toBeGreaterThanOrEqual(9);
      for (const [index, { E, k }] of finals.entries()) {
        expect(k.t).toBe((finals[0]?.k.t ?? 0) + index * MINUTE_MS);
        expect(E - k.T).toBeGreaterThanOrEqual(5);
        expect(E - k.T).toBeLessThanOrEqual(150);
      }
      for (const [index, frame] of frames.entries()) {
        const before = frames[index - 1];
        if (!before) continue;
        expect(frame.E).toBeGreaterThan(before.E);
        expect(frame.k.t).toBe(before.k.x ? before.k.t + MINUTE_MS : before.k.t);
      }
    },
  );

  it('sends partials just after every even second, but at most five a wall second', () => {
    const slow = setUp(1);
    slow.feed.subscribe('ethusdt@kline_5m', slow.subscriber);
    slow.go(20_000);
    expect(slow.frames).toHaveLength(10);
    for (const { E } of slow.frames) expect([15, 16, 17, 18, 19, 20, 21]).toContain(E % 2_000);
    const fast = setUp(600);
    fast.feed.subscribe('ethusdt@kline_1h', fast.subscriber);
    fast.go(10_000);
    const partials = fast.frames.filter(({ k }) => !k.x);
    expect(partials.length).toBeGreaterThan(40);
    expect(partials.length).toBeLessThanOrEqual(50);
  });

  it('after a stall sends every final but only the latest partial', () => {
    const { feed, frames, subscriber, go } = setUp(1);
    feed.subscribe('btcusdt@kline_1m', subscriber);
    go(10 * MINUTE_MS, 10 * MINUTE_MS);
    expect(frames.filter(({ k }) => k.x)).toHaveLength(10);
    expect(frames.filter(({ k }) => !k.x).length).toBeLessThanOrEqual(1);
  });

  it('sends what REST would tell', () => {
    const { feed, frames, subscriber, go } = setUp(60);
    feed.subscribe('xrpusdt@kline_15m', subscriber);
    go(60_000);
    const final = frames.findLast(({ k }) => k.x);
    const series = { symbol: 'XRPUSDT', interval: '15m', offsetMs: 0 } as const;
    const bar = source.bar(series, final?.k.t ?? 0, Infinity);
    expect(final).toMatchObject({
      e: 'kline',
      s: 'XRPUSDT',
      k: {
        t: bar.openTime,
        T: bar.closeTime,
        s: 'XRPUSDT',
        i: '15m',
        f: bar.firstTradeId,
        L: bar.lastTradeId,
        o: decimal8(bar.open),
        c: decimal8(bar.close),
        h: decimal8(bar.high),
        l: decimal8(bar.low),
        v: decimal8(bar.volume),
        n: bar.trades,
        x: true,
        q: decimal8(bar.quoteVolume),
        V: decimal8(bar.takerBaseVolume),
        Q: decimal8(bar.takerQuoteVolume),
        B: '0',
      },
    });
  });

  it('sends a final frame for a bar without trades', () => {
    const { feed, frames, subscriber, go } = setUp(60);
    feed.subscribe('bnbusdt@kline_1m', subscriber);
    go((12 * HOUR_MS) / 60, 100);
    const idle = frames.filter(({ k }) => k.x && k.n === 0);
    expect(idle.length).toBeGreaterThan(0);
    expect(idle[0]?.k).toMatchObject({ f: -1, L: -1, v: '0.00000000', q: '0.00000000' });
  });

  it('stays silent on streams that do not exist and after the last unsubscribe', () => {
    const { feed, frames, subscriber, go } = setUp(1);
    for (const name of ['nopeusdt@kline_1m', 'btcusdt@kline_7m', 'BTCUSDT@kline_1m', 'btcusdt@depth']) {
      feed.subscribe(name, subscriber);
    }
    expect(feed.streamCount).toBe(0);
    feed.subscribe('btcusdt@kline_1m', subscriber);
    feed.unsubscribe('btcusdt@kline_1m', subscriber);
    go(MINUTE_MS);
    expect(frames).toEqual([]);
    expect(feed.nextDue()).toBe(Infinity);
  });

  it('gives a UTC+8 day its own borders', () => {
    const { feed, frames, subscriber, go } = setUp(1);
    feed.subscribe('btcusdt@kline_1d@+08:00', subscriber);
    go(5_000);
    expect(new Date(frames[0]?.k.t ?? 0).toISOString()).toBe('2026-11-20T16:00:00.000Z');
  });

  it('loses or doubles final frames when told to', () => {
    for (const [fate, count] of [
      ['drop', 0],
      ['duplicate', 8],
    ] as const) {
      const { feed, frames, subscriber, go } = setUp(60, () => fate);
      feed.subscribe('btcusdt@kline_1m', subscriber);
      go(4_000);
      expect(frames.filter(({ k }) => k.x)).toHaveLength(count);
    }
  });
});
