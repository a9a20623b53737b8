import type {
  AdminData,
  BotsData,
  BotsSnapshot,
  CandlesData,
  CandlesSnapshot,
  PricesData,
  SignalsData,
  Timeframe,
  TokensData,
  TokensSnapshot,
  Venue,
} from '@onefeed/contracts';

/** A name that `/api/ws` takes in `subscribe`. */
export type ChannelName =
  | `candles:${Venue}:${string}:${Timeframe}`
  | `prices:${Venue}`
  | 'tokens'
  | 'signals'
  | 'bots'
  | 'admin';

/** What the first message of a subscription (and each after an unrecoverable gap) holds. */
export type ChannelSnapshot<Name extends ChannelName> = Name extends `candles:${string}`
  ? CandlesSnapshot
  : Name extends `prices:${string}`
    ? PricesData
    : Name extends 'tokens'
      ? TokensSnapshot
      : Name extends 'signals'
        ? SignalsData
        : Name extends 'bots'
          ? BotsSnapshot
          : AdminData;

/** What each later message holds. */
export type ChannelData<Name extends ChannelName> = Name extends `candles:${string}`
  ? CandlesData
  : Name extends `prices:${string}`
    ? PricesData
    : Name extends 'tokens'
      ? TokensData
      : Name extends 'signals'
        ? SignalsData
        : Name extends 'bots'
          ? BotsData
          : AdminData;

/** A snapshot replaces all that was known of the channel; data adds to it. */
export type ChannelUpdate<Name extends ChannelName> =
  | { kind: 'snapshot'; data: ChannelSnapshot<Name> }
  | { kind: 'data'; data: ChannelData<Name> };

/** Name of the candle channel of an instrument. */
export function candleChannel<V extends Venue, T extends Timeframe>(
  venue: V,
  instrument: string,
  timeframe: T,
): `candles:${V}:${string}:${T}` {
  return `candles:${venue}:${instrument}:${timeframe}`;
}
