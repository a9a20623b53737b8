/** Streams of one symbol; the stream with number `index` is of timeframe `index % 2`. */
export const INTERVALS = [
  { name: '1m', lengthMs: 60_000 },
  { name: '5m', lengthMs: 300_000 },
] as const;
export const intervalOf = (index: number) => INTERVALS[index % 2 === 0 ? 0 : 1];

/** Symbol of the stream with number `index`. */
export const symbolOf = (index: number): string => `B${String(index >> 1).padStart(4, '0')}USDT`;

/** A frame of a combined stream as Binance sends it. `sentAt` travels as the quote volume, to measure by. */
export function klineText(
  index: number,
  openTime: number,
  eventTime: number,
  isFinal: boolean,
  sentAt: number,
): string {
  const symbol = symbolOf(index);
  const { name, lengthMs } = intervalOf(index);
  return (
    `{"stream":"${symbol.toLowerCase()}@kline_${name}","data":{"e":"kline","E":${eventTime},"s":"${symbol}","k":{` +
    `"t":${openTime},"T":${openTime + lengthMs - 1},"s":"${symbol}","i":"${name}","f":2881442601,"L":2881443204,` +
    `"o":"60685.22000000","c":"60719.27000000","h":"60729.84000000","l":"60670.90000000","v":"21.63272000",` +
    `"n":604,"x":${isFinal},"q":"${sentAt}","V":"12.28492000","Q":"745719.41022840","B":"0"}}}`
  );
}

/** The same bar as a row of history. */
export const klineRow = (openTime: number, lengthMs: number): unknown[] => [
  openTime,
  '60685.22000000',
  '60729.84000000',
  '60670.90000000',
  '60719.27000000',
  '21.63272000',
  openTime + lengthMs - 1,
  '0',
  604,
  '12.28492000',
  '745719.41022840',
  '0',
];
