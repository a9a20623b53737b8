import type { Venue } from '@onefeed/contracts';
import type { TroubledInstrument } from '@onefeed/db';
import { expect, test } from 'vitest';
import { createFeedHealthBook } from './feed-health-book.ts';

const message = (instrument: string, trouble: 'hole' | null) => ({
  type: 'feedHealth' as const,
  venue: 'binance' as const,
  changes: [{ instrument, trouble, since: 1 }],
});
const row = (instrument: string): TroubledInstrument => ({ instrument, trouble: 'hole', since: 1 });

test('nothing is believed before the table was read', async () => {
  const book = createFeedHealthBook({ health: { troubled: async () => [] } });
  book.hear(message('BTCUSDT', null));
  expect(book.isTroubled('binance', 'BTCUSDT')).toBe(true);
  await book.refresh();
  expect(book.isTroubled('binance', 'BTCUSDT')).toBe(false);
});

test('changes follow the table, and the table replaces what is known', async () => {
  let rows: TroubledInstrument[] = [row('ETHUSDT')];
  const health = { troubled: async (venue: Venue) => (venue === 'binance' ? rows : []) };
  const book = createFeedHealthBook({ health });
  await book.refresh();
  book.hear(message('BTCUSDT', 'hole'));
  book.hear(message('ETHUSDT', null));
  expect(book.isTroubled('binance', 'BTCUSDT')).toBe(true);
  expect(book.isTroubled('binance', 'ETHUSDT')).toBe(false);
  expect(book.isTroubled('pumpfun', 'BTCUSDT')).toBe(false);
  rows = [];
  await book.refresh();
  expect(book.isTroubled('binance', 'BTCUSDT')).toBe(false);
});

test('a change heard while the table is read is not undone by the older reading', async () => {
  const rows: TroubledInstrument[] = [];
  const readings: (() => void)[] = [];
  const health = {
    troubled: (venue: Venue) =>
      new Promise<TroubledInstrument[]>((resolve) => {
        const seen = venue === 'binance' ? [...rows] : [];
        readings.push(() => resolve(seen));
      }),
  };
  const book = createFeedHealthBook({ health });
  const refreshed = book.refresh();
  rows.push(row('BTCUSDT'));
  book.hear(message('BTCUSDT', 'hole'));
  for (const resolve of readings.splice(0)) resolve();
  await new Promise((resolve) => setImmediate(resolve));
  for (const resolve of readings.splice(0)) resolve();
  await refreshed;
  expect(book.isTroubled('binance', 'BTCUSDT')).toBe(true);
});
