import type { Instrument } from '@onefeed/contracts';
import type { StoredTokenMarket } from '@onefeed/db';
import { parseAmount, priceOf } from '@onefeed/domain';
import { buildInstrument, buildTokenCreated, buildTokenTraded } from '@onefeed/testkit';
import { describe, expect, it } from 'vitest';
import { createExchangeBook } from './exchange-book.ts';
import { createTokenBook } from './token-book.ts';
import { createVenueClocks } from './venue-clocks.ts';

describe('venue clocks', () => {
  it('follow the feed, also when a replay starts over', () => {
    const clocks = createVenueClocks(() => 0);
    expect(clocks.time('binance')).toBe(0);
    clocks.hear('binance', 5_000);
    clocks.hear('binance', 1_000);
    expect(clocks.time('binance')).toBe(1_000);
    expect(clocks.time('pumpfun')).toBe(0);
  });

  it('call a silent feed stale', () => {
    let now = 0;
    const clocks = createVenueClocks(() => now);
    expect(clocks.stale('binance')).toBe(true);
    clocks.hear('binance', 1);
    now = 10_000;
    expect(clocks.stale('binance')).toBe(false);
    now = 10_001;
    expect(clocks.stale('binance')).toBe(true);
  });

  it('let wait for the first word of a feed, or for the end', async () => {
    const clocks = createVenueClocks(() => 0);
    const stop = new AbortController();
    const ended = clocks.heard('pumpfun', 60_000, stop.signal);
    const heard = clocks.heard('binance', 60_000, stop.signal);
    clocks.hear('binance', 1);
    await heard;
    stop.abort();
    await ended;
    await clocks.heard('binance', 60_000, new AbortController().signal);
  });
});

describe('exchange book', () => {
  const book = (rows: Instrument[] = [buildInstrument()]) => {
    let now = 0;
    const asked: string[][] = [];
    const instruments = {
      getMany: async (_venue: string, names: readonly string[]) => {
        asked.push([...names]);
        return rows.filter((row) => names.includes(row.instrument));
      },
    };
    const created = createExchangeBook({ instruments, monotonicNow: () => now });
    return { ...created, asked, pass: (ms: number) => (now += ms) };
  };

  it('knows no market without rules or without a price', async () => {
    const exchange = book();
    exchange.observe('BTCUSDT', '100', 1);
    expect(exchange.market('BTCUSDT', 1)).toBeNull();
    await exchange.learn(['BTCUSDT']);
    expect(exchange.market('BTCUSDT', 1)?.price).toBe(parseAmount('100'));
    expect(exchange.market('ETHUSDT', 1)).toBeNull();
  });

  it('asks for an unknown instrument again, but not at once', async () => {
    const exchange = book([]);
    await exchange.learn(['XUSDT']);
    await exchange.learn(['XUSDT']);
    expect(exchange.asked).toHaveLength(1);
    exchange.pass(5_000);
    await exchange.learn(['XUSDT']);
    expect(exchange.asked).toHaveLength(2);
  });

  it('reads rules again after a while: a venue halts and changes instruments', async () => {
    const rows = [buildInstrument()];
    const exchange = book(rows);
    await exchange.learn(['BTCUSDT']);
    exchange.observe('BTCUSDT', '100', 1, true);
    rows[0] = buildInstrument({ tradeable: false });
    exchange.pass(59_999);
    await exchange.learn(['BTCUSDT']);
    expect(exchange.market('BTCUSDT', 1)?.rules.tradeable).toBe(true);
    exchange.pass(1);
    await exchange.learn(['BTCUSDT']);
    expect(exchange.market('BTCUSDT', 1)?.rules.tradeable).toBe(false);
    rows.length = 0;
    exchange.pass(60_000);
    await exchange.learn(['BTCUSDT']);
    expect(exchange.market('BTCUSDT', 1)?.rules.tradeable).toBe(false);
  });

  it('takes a price from history or a signal only while it is young, and the feed before everything', async () => {
    const exchange = book();
    await exchange.learn(['BTCUSDT']);
    exchange.remember('BTCUSDT', '90', 1_000);
    expect(exchange.market('BTCUSDT', 0)).toBeNull();
    expect(exchange.market('BTCUSDT', 121_001)).toBeNull();
    expect(exchange.market('BTCUSDT', 121_000)?.price).toBe(parseAmount('90'));
    exchange.observe('BTCUSDT', '100', 2_000);
    exchange.remember('BTCUSDT', '90', 9_000);
    exchange.observe('BTCUSDT', '80', 1_500);
    expect(exchange.market('BTCUSDT', 122_000)?.price).toBe(parseAmount('100'));
    expect(exchange.market('BTCUSDT', 122_001)).toBeNull();
    exchange.observe('BTCUSDT', '70', 400, true);
    expect(exchange.market('BTCUSDT', 999_999)?.price).toBe(parseAmount('70'));
  });
});

describe('token book', () => {
  const row = (mint: string, lastSeq = 1): StoredTokenMarket => ({
    mint,
    status: 'curve',
    reserves: buildTokenCreated().reserves,
    untradeableReason: null,
    unconfirmedReason: null,
    lastSeq,
  });

  it('applies the events after the one that its table stood at, each once', async () => {
    const book = createTokenBook({
      tokens: { getMany: async (mints) => mints.map((mint) => row(mint, 5)) },
      isHeld: () => true,
    });
    const event = buildTokenTraded({ mint: 'M', seq: 5 });
    expect(book.apply(event)).toBe(false);
    await book.learn(['M']);
    expect(book.apply(event)).toBe(false);
    const before = book.market('M');
    expect(book.apply({ ...event, seq: 6 })).toBe(true);
    expect(book.apply({ ...event, seq: 6 })).toBe(false);
    const after = book.market('M');
    if (before === null || after === null) throw new Error('unknown');
    expect(priceOf(after)).toBeGreaterThan(priceOf(before));
  });

  it('stays within its bound and never lets go of what is held', async () => {
    const book = createTokenBook({
      tokens: { getMany: async (mints) => mints.map((mint) => row(mint)) },
      isHeld: (mint) => mint === 'T0',
    });
    for (let index = 0; index < 2_500; index += 1) await book.learn([`T${index}`]);
    let kept = 0;
    for (let index = 0; index < 2_500; index += 1) if (book.market(`T${index}`) !== null) kept += 1;
    expect(kept).toBeLessThanOrEqual(2_001);
    expect(book.market('T0')).not.toBeNull();
    expect(book.market('T2499')).not.toBeNull();
  });
});
