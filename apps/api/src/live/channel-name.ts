import { TIMEFRAMES, type Timeframe, VENUES, type Venue } from '@onefeed/contracts';

/** What a channel's name says. The pattern of contracts' ChannelName has been checked before. */
export type Channel =
  | { type: 'candles'; venue: Venue; instrument: string; timeframe: Timeframe }
  | { type: 'prices'; venue: Venue }
  | { type: 'tokens' | 'signals' | 'bots' | 'admin' };

export function parseChannel(name: string): Channel | null {
  const [type, venueText, instrument, timeframeText] = name.split(':');
  const venue = VENUES.find((one) => one === venueText);
  const timeframe = TIMEFRAMES.find((one) => one === timeframeText);
  if (type === 'candles' && venue && instrument && timeframe) return { type, venue, instrument, timeframe };
  if (type === 'prices' && venue) return { type, venue };
  if (type === 'tokens' || type === 'signals' || type === 'bots' || type === 'admin') return { type };
  return null;
}

export function candleChannelName(venue: Venue, instrument: string, timeframe: Timeframe): string {
  return `candles:${venue}:${instrument}:${timeframe}`;
}
