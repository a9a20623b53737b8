import { decimal8, type Kline } from '../market/kline.ts';
import type { Series } from '../market/market-source.ts';

/** How a connection wants its events: times in ms or us, bare or wrapped as `{stream, data}`. */
export interface EventForm {
  microseconds: boolean;
  combined: boolean;
}

export interface KlineEvent {
  stream: string;
  isFinal: boolean;
  /** The frame's text. Each form is written once, however many connections want it. */
  text(form: EventForm): string;
}

export function createKlineEvent(
  stream: string,
  series: Series,
  bar: Kline,
  eventTime: number,
  isFinal: boolean,
): KlineEvent {
  const texts = new Map<number, string>();
  return {
    stream,
    isFinal,
    text({ microseconds, combined }) {
      const form = (microseconds ? 1 : 0) + (combined ? 2 : 0);
      let text = texts.get(form);
      if (text === undefined) {
        const data = klineData(series, bar, eventTime, isFinal, microseconds);
        text = combined ? `{"stream":"${stream}","data":${data}}` : data;
        texts.set(form, text);
      }
      return text;
    },
  };
}

/** Field order as Binance sends it. A microsecond close time is the last microsecond of the bar. */
function klineData(
  { symbol, interval }: Series,
  bar: Kline,
  eventTime: number,
  isFinal: boolean,
  microseconds: boolean,
): string {
  const unit = microseconds ? '000' : '';
  const closeUnit = microseconds ? '999' : '';
  return (
    `{"e":"kline","E":${eventTime}${unit},"s":"${symbol}","k":{"t":${bar.openTime}${unit},` +
    `"T":${bar.closeTime}${closeUnit},"s":"${symbol}","i":"${interval}",` +
    `"f":${bar.firstTradeId},"L":${bar.lastTradeId},` +
    `"o":"${decimal8(bar.open)}","c":"${decimal8(bar.close)}",` +
    `"h":"${decimal8(bar.high)}","l":"${decimal8(bar.low)}","v":"${decimal8(bar.volume)}",` +
    `"n":${bar.trades},"x":${isFinal},"q":"${decimal8(bar.quoteVolume)}",` +
    `"V":"${decimal8(bar.takerBaseVolume)}","Q":"${decimal8(bar.takerQuoteVolume)}","B":"0"}}`
  );
}
