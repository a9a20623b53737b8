import type { Timeframe } from '@onefeed/contracts';
import { streamName } from './mapper.ts';

/** A candle stream of the venue. */
export interface BinanceStream {
  instrument: string;
  timeframe: Timeframe;
}

/** The venue's name of a stream. */
export const nameOf = ({ instrument, timeframe }: BinanceStream): string => streamName(instrument, timeframe);
