import { expect, test } from 'vitest';
import { createDemand } from './demand.ts';

const known = new Set(['BTCUSDT', 'ETHUSDT']);
const lease = (instrument: string) => ({ venue: 'binance', instrument, timeframe: '1m' }) as const;
const names = (update: { streams: { instrument: string; timeframe: string }[] }) =>
  update.streams.map(({ instrument, timeframe }) => `${instrument} ${timeframe}`);

test('always-on streams come first, each stream once', () => {
  const demand = createDemand({ instruments: ['BTCUSDT'], timeframes: ['1m', '5m'] });
  const update = demand.update([lease('ETHUSDT'), lease('BTCUSDT')], known, 0);
  expect(names(update)).toEqual(['BTCUSDT 1m', 'BTCUSDT 5m', 'ETHUSDT 1m']);
});

test('a stream that nobody wants stays for a minute', () => {
  const demand = createDemand({ instruments: [], timeframes: ['1m'] });
  demand.update([lease('ETHUSDT')], known, 0);
  expect(names(demand.update([], known, 59_999))).toEqual(['ETHUSDT 1m']);
  expect(names(demand.update([], known, 60_000))).toEqual([]);
});

test('coming back within the minute keeps it', () => {
  const demand = createDemand({ instruments: [], timeframes: ['1m'] });
  demand.update([lease('ETHUSDT')], known, 0);
  demand.update([lease('ETHUSDT')], known, 30_000);
  expect(names(demand.update([], known, 89_999))).toEqual(['ETHUSDT 1m']);
});

test('unknown instruments are counted, other venues are not ours', () => {
  const demand = createDemand({ instruments: ['NOPE'], timeframes: ['1m'] });
  const other = { venue: 'pumpfun', instrument: 'Mint', timeframe: '1m' } as const;
  expect(demand.update([lease('NADA'), other], known, 0)).toEqual({ streams: [], unknown: 2 });
});

test('the longest history wanted by any holder is read, within the bound', () => {
  const demand = createDemand({ instruments: ['BTCUSDT'], timeframes: ['1m'] });
  const wanting = (instrument: string, historyCandles: number) => ({ ...lease(instrument), historyCandles });
  const lengths = (...leases: ReturnType<typeof wanting>[]) =>
    demand.update(leases, known, 0).streams.map(({ historyCandles }) => historyCandles);
  expect(lengths(wanting('BTCUSDT', 500), wanting('BTCUSDT', 400))).toEqual([500]);
  expect(lengths()).toEqual([500]);
  expect(lengths(wanting('BTCUSDT', 50_000))).toEqual([10_000]);
});
