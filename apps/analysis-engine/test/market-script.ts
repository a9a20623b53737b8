import { type Candle, TIMEFRAME_MS, type Timeframe, type TokenEvent } from '@onefeed/contracts';
import { byCloseTime } from '@onefeed/domain';
import { buildCandle, buildTokenCreated, buildTokenTraded } from '@onefeed/testkit';

export const START = buildCandle().openTime;

/** A repeatable walk: the same index always gives the same price, and it crosses its averages often. */
export function closeAt(index: number): number {
  return 100 + 8 * Math.sin(index / 7) + 3 * Math.sin(index / 2.3) + ((index * 7919) % 13) / 10;
}

export function minute(index: number, instrument = 'BTCUSDT'): Candle {
  const close = closeAt(index + instrument.length);
  const { seq: _seq, ...candle } = buildCandle({
    instrument,
    openTime: START + index * 60_000,
    open: close.toFixed(2),
    high: (close + 1).toFixed(2),
    low: (close - 1).toFixed(2),
    close: close.toFixed(2),
    volume: String(10 + (index % 5)),
  });
  return candle;
}

/** Minutes [from, to) of some instruments with the 5m candles that close among them, in the order they close. */
export function market(from: number, to: number, instruments = ['BTCUSDT']): Candle[] {
  const length = TIMEFRAME_MS['5m'] / 60_000;
  return instruments
    .flatMap((instrument) => {
      const candles: Candle[] = [];
      for (let index = from; index < to; index++) {
        candles.push(minute(index, instrument));
        if ((index + 1) % length === 0) {
          const timeframe: Timeframe = '5m';
          candles.push({
            ...minute(index, instrument),
            timeframe,
            openTime: START + (index + 1 - length) * 60_000,
          });
        }
      }
      return candles;
    })
    .sort(byCloseTime);
}

/** Events [from, to) of some forty tokens that are bought by ever more wallets, and some sold again. */
export function tokenStory(from: number, to: number): TokenEvent[] {
  const events: TokenEvent[] = [];
  for (let index = from; index < to; index++) {
    const token = index % 40;
    const mint = `Mint${'A'.repeat(8)}${String.fromCharCode(65 + (token % 26))}${token}`;
    const round = Math.floor(index / 40);
    const at = START + index * 250;
    const sol = 30_000_000_000n + BigInt(round * (token % 7)) * 400_000_000n;
    const reserves = {
      virtualSolLamports: String(sol),
      virtualTokenUnits: String((30_000_000_000n * 1_073_000_000_000_000n) / sol),
    };
    const common = { mint, at, signature: `event-${index}`, reserves };
    events.push(
      round === 0
        ? buildTokenCreated({ ...common, seq: 0, creator: `Dev${token}` })
        : buildTokenTraded({
            ...common,
            seq: 0,
            trader: `Wallet${round}x${token}`,
            side: (round + token) % 5 === 0 ? 'sell' : 'buy',
          }),
    );
  }
  return events;
}
