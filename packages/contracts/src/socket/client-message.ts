import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false };

/**
 * `candles:<venue>:<instrument>:<timeframe>` · `prices:<venue>` · `tokens` · `signals` · `bots` · `admin`.
 */
export const ChannelName = Type.String({
  pattern:
    '^(candles:(binance|pumpfun):[A-Za-z0-9]{1,64}:(1m|5m|15m|1h|4h|1d)|prices:(binance|pumpfun)|tokens|signals|bots|admin)$',
});

export const StreamPosition = Type.Object(
  { epoch: Type.String({ maxLength: 64 }), offset: Type.Integer({ minimum: 0 }) },
  closed,
);
export type StreamPosition = Static<typeof StreamPosition>;

/** What a client may say on `/api/ws`. At most 4 KiB a message. */
export const ClientMessage = Type.Union([
  Type.Object(
    {
      op: Type.Literal('subscribe'),
      channels: Type.Array(ChannelName, { minItems: 1, maxItems: 64 }),
      /** Where the client stopped reading, per channel: it gets all it missed, or a fresh snapshot. */
      since: Type.Optional(Type.Record(Type.String({ maxLength: 128 }), StreamPosition)),
    },
    closed,
  ),
  Type.Object(
    { op: Type.Literal('unsubscribe'), channels: Type.Array(ChannelName, { minItems: 1, maxItems: 64 }) },
    closed,
  ),
  Type.Object({ op: Type.Literal('ping') }, closed),
]);
export type ClientMessage = Static<typeof ClientMessage>;
