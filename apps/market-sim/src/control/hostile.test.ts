import { mapFrame, mapLogFrame, mapPumpFrame } from '@onefeed/venues';
import { describe, expect, it } from 'vitest';
import { HOSTILE_KLINES, hostileKline } from '../binance/hostile-kline.ts';
import { createKlineEvent } from '../binance/kline-event.ts';
import { createSeededMarket } from '../market/seeded-market.ts';
import { HOSTILE_TOKENS, hostileToken } from '../pumpfun/hostile-token.ts';
import { createTokenLife } from '../pumpfun/token-life.ts';
import { createRandom } from '../random.ts';
import { HOSTILE_LOGS, hostileLogs } from '../solana/hostile-logs.ts';

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);
const source = createSeededMarket(1);
const OPEN = Date.UTC(2026, 10, 20, 18, 30);
const series = { symbol: 'BTCUSDT', interval: '5m', offsetMs: 0 } as const;
const kline = createKlineEvent(
  'btcusdt@kline_5m',
  series,
  source.bar(series, OPEN, OPEN + 100_000),
  OPEN + 100_000,
  false,
);
const text = (frame: string | Buffer) => (typeof frame === 'string' ? frame : '');

describe('a hostile frame', () => {
  it('is made of one that the client believes', () => {
    expect(mapFrame(kline.text({ combined: true, microseconds: false }))).toMatchObject({ kind: 'candle' });
  });

  it.each(HOSTILE_KLINES)('of Binance, %s, is not believed', (kind) => {
    for (const seed of SEEDS) {
      for (const combined of [true, false]) {
        const frame = hostileKline(kind, kline.text({ combined, microseconds: false }), createRandom(seed));
        const read = mapFrame(text(frame));
        // A stream nobody asked for is well-formed: only who knows what was asked for can tell.
        if (read.kind === 'candle' && (kind === 'unknown-stream' || (kind === 'wrong-symbol' && !combined))) {
          expect(['NOPEUSDT', 'DOGEUSDT']).toContain(read.candle.instrument);
        } else {
          expect([kind, text(frame), read.kind]).toEqual([kind, text(frame), 'bad']);
        }
      }
    }
  });

  it.each(HOSTILE_TOKENS)('of PumpPortal, %s, is not believed', (kind) => {
    const born = createTokenLife({ seed: 3, index: 1, bornAt: 0, speed: 1 });
    const create = born.step()?.text ?? '';
    const trade = born.step()?.text ?? '';
    for (const seed of SEEDS) {
      for (const sound of [create, trade]) {
        const frame = text(hostileToken(kind, sound, createRandom(seed)));
        const read = mapPumpFrame(frame, 0);
        if (kind === 'long-texts' || kind === 'large') {
          expect(JSON.stringify(read).length).toBeLessThan(5_000);
        } else if (kind !== 'quote-mint' || sound === create) {
          // A trade of a quote mint only comes to who followed that mint.
          expect([kind, frame.slice(0, 300), read.kind]).not.toEqual([kind, frame.slice(0, 300), 'event']);
        }
      }
    }
  });

  it.each(HOSTILE_LOGS)('of a Solana node, %s, is not believed', (kind) => {
    for (const seed of SEEDS) {
      const read = mapLogFrame(text(hostileLogs(kind, 1, createRandom(seed))), 0);
      if (read.kind === 'events') expect(read.events).toEqual([]);
    }
  });
});
