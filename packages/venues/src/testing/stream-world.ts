import type { Candle } from '@onefeed/contracts';
import type { BinanceStream } from '../binance/binance-stream.ts';
import { createBinanceStreamClient } from '../binance/stream-client.ts';
import { createFakeVenue, createManualClock } from './fake-venue.ts';

/** A stream client on a fake venue, and all it tells. */
export function createStreamWorld(mostSockets = 1) {
  const clock = createManualClock();
  const venue = createFakeVenue(mostSockets);
  const candles: { candle: Candle; eventTime: number }[] = [];
  const subscribed: string[] = [];
  const refused: string[] = [];
  const bad: string[] = [];
  const dropped: string[] = [];
  const interrupted: string[] = [];
  const rolledOver: string[] = [];
  const renewed: string[] = [];
  const duplicates = { count: 0 };
  const client = createBinanceStreamClient(
    {
      baseUrl: 'ws://venue/',
      onCandle: (candle, eventTime) => candles.push({ candle, eventTime }),
      onSubscribed: (streams) =>
        subscribed.push(...streams.map((one) => `${one.instrument} ${one.timeframe}`)),
      onRefused: (streams) => refused.push(...streams.map((one) => one.instrument)),
      onFrame: () => {},
      onBad: (reason) => bad.push(reason),
      onState: () => {},
      rolloverMs: 84_600_000,
      onInterrupted: (streams) =>
        interrupted.push(...streams.map((one) => `${one.instrument} ${one.timeframe}`)),
      onRolledOver: (cause) => rolledOver.push(cause),
      onRenewed: (streams) => renewed.push(...streams.map((one) => one.timeframe)),
      onDuplicate: () => {
        duplicates.count += 1;
      },
      onDropped: (cause) => dropped.push(cause),
    },
    { openSocket: venue.openSocket, clock, random: () => 0 },
  );
  const sent = () => venue.socket().sent.map((text) => JSON.parse(text));
  const acknowledge = () =>
    venue.socket().handlers.onText(JSON.stringify({ result: null, id: sent().at(-1).id }));
  return {
    clock,
    venue,
    client,
    candles,
    subscribed,
    refused,
    bad,
    dropped,
    interrupted,
    rolledOver,
    renewed,
    duplicates,
    sent,
    acknowledge,
  };
}

export const btc = (timeframe: BinanceStream['timeframe']): BinanceStream => ({
  instrument: 'BTCUSDT',
  timeframe,
});
/** A bar of ten minutes after the epoch. */
export const frame = (s: string, i: string, x: boolean) =>
  JSON.stringify({
    stream: `${s.toLowerCase()}@kline_${i}`,
    data: {
      e: 'kline',
      E: 660_005,
      s,
      k: { t: 600_000, T: 659_999, s, i, o: '1', c: '1', h: '1', l: '1', v: '0', q: '0', n: 0, x },
    },
  });

/** Started, with these streams acknowledged. */
export function liveWith(streams: BinanceStream[], mostSockets: number) {
  const world = createStreamWorld(mostSockets);
  world.client.want(streams);
  world.client.start();
  world.venue.socket().handlers.onOpen();
  world.acknowledge();
  return world;
}
