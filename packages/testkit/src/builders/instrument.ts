import type { Instrument } from '@onefeed/contracts';

/** BTCUSDT with the limits Binance has on it. */
export function buildInstrument(overrides: Partial<Instrument> = {}): Instrument {
  return {
    venue: 'binance',
    instrument: 'BTCUSDT',
    baseAsset: 'BTC',
    quoteAsset: 'USDT',
    tickSize: '0.01',
    stepSize: '0.00001',
    minQuantity: '0.00001',
    minNotional: '5',
    tradeable: true,
    ...overrides,
  };
}
