import { expect, test } from 'vitest';
import { createRandom } from '../random.ts';
import { fuzzMappers } from './fuzz.ts';
import { mutate } from './mutate.ts';
import { faultOfCandle } from './oracle-candle.ts';
import { faultOfEvent } from './oracle-token.ts';
import { framesAbsent, klineFrame, readFrames } from './recorded-frames.ts';

test.skipIf(framesAbsent)('mutated frames are mapped right or called bad (needs ../shared)', () => {
  const report = fuzzMappers(readFrames(), 5_000, createRandom(7));
  expect(report.failures).toEqual([]);
  // The mutations reach both sides of the line.
  for (const outcome of ['binance candle', 'binance bad wrong_shape', 'pumpportal traded', 'solana traded']) {
    expect(report.outcomes[outcome], outcome).toBeGreaterThan(10);
  }
});

const ROW = ['1679650020000', '2', '3', '1', '2', '5', '1679650079999', '10', '4', '1', '2'];

test('the same seed mutates alike, and changes something', () => {
  const text = klineFrame(ROW, true);
  const run = (seed: number) => {
    const random = createRandom(seed);
    return Array.from({ length: 50 }, () => mutate(text, random));
  };
  expect(run(3)).toEqual(run(3));
  expect(run(3)).not.toEqual(run(4));
  expect(run(3).filter((mutated) => mutated !== text).length).toBeGreaterThan(30);
});

test('the judge of candles sees a wrong one', () => {
  const text = klineFrame(ROW, false);
  const candle = {
    venue: 'binance',
    instrument: 'BTCUSDT',
    timeframe: '1m',
    openTime: 1_679_650_020_000,
    open: '2',
    high: '3',
    low: '1',
    close: '2',
    volume: '5',
    quoteVolume: '10',
    trades: 4,
    closed: true,
  } as const;
  const mapped = { kind: 'candle', candle, eventTime: 1_679_650_080_006 } as const;
  expect(faultOfCandle(text, mapped)).toBeNull();
  expect(faultOfCandle(text, { ...mapped, candle: { ...candle, close: '2.5' } })).toMatch(
    'other than the frame',
  );
  const swapped = text.replace('"h":"3"', '"h":"1.5"');
  expect(faultOfCandle(swapped, { ...mapped, candle: { ...candle, high: '1.5' } })).toMatch(
    'outside low..high',
  );
});

test('the judge of token events sees a wrong one', () => {
  const event = {
    kind: 'traded',
    seq: 0,
    mint: '5ygJ27k1ZyUBdeR9LeNxQ5vZ4n4togt3kxxcYnHUpump',
    at: 1,
    signature: 's',
    side: 'buy',
    trader: 't',
    tokenUnits: '1',
    solLamports: '1',
    reserves: { virtualSolLamports: '30', virtualTokenUnits: '1' },
    pool: 'curve',
  } as const;
  expect(faultOfEvent(event, event.mint, 1)).toBeNull();
  expect(faultOfEvent({ ...event, solLamports: '9'.repeat(25) }, event.mint, 1)).toMatch(
    'larger than the chain',
  );
  expect(
    faultOfEvent({ ...event, reserves: { virtualSolLamports: '0', virtualTokenUnits: '1' } }, event.mint, 1),
  ).toMatch('price nothing');
});
