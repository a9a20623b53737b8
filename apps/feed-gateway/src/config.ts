import { InstrumentName, TIMEFRAMES, Timeframe } from '@onefeed/contracts';
import { CommonConfig } from '@onefeed/service-kit';
import { type Static, Type } from 'typebox';

const WebSocketUrl = (address: string, description: string) =>
  Type.String({ pattern: '^wss?://[^\\s/]+', default: address, description });

/** What feed-gateway reads from its environment. Defaults are the real venues' public market data. */
export const FeedGatewayConfig = Type.Object({
  ...CommonConfig.properties,
  BINANCE_WS_URL: WebSocketUrl('wss://data-stream.binance.vision', 'ws:// or wss:// address without path'),
  BINANCE_REST_URL: Type.String({
    pattern: '^https?://[^\\s/]+',
    default: 'https://data-api.binance.vision',
    description: 'http:// or https:// address without path',
  }),
  PUMPPORTAL_WS_URL: WebSocketUrl('wss://pumpportal.fun/api/data', 'ws:// or wss:// address with path'),
  /** Without it the trades of tokens are not followed: the venue charges for them. */
  PUMPPORTAL_API_KEY: Type.Optional(Type.String({ minLength: 1, description: 'a PumpPortal API key' })),
  PUMPFUN_SOURCE: Type.Union([Type.Literal('pumpportal'), Type.Literal('solana'), Type.Literal('both')], {
    default: 'pumpportal',
    description: 'pumpportal, solana (logs of the program, no key needed) or both, compared with each other',
  }),
  /** May hold a key. Reads the curves of tokens in doubt; without it their next trades must show that all is well. */
  SOLANA_RPC_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s/]+',
      description: "http:// or https:// address of a node's RPC",
    }),
  ),
  SOLANA_WS_URL: Type.Optional(
    Type.String({
      pattern: '^wss?://[^\\s/]+',
      description: "ws:// or wss:// address of the node's websocket",
    }),
  ),
  INSTRUMENTS: Type.Array(InstrumentName, {
    default: ['BTCUSDT'],
    maxItems: 1_000,
    description: 'Binance symbols always followed, comma separated, at most 1000',
  }),
  TIMEFRAMES: Type.Array(Timeframe, {
    default: [...TIMEFRAMES],
    minItems: 1,
    description: `timeframes always followed, comma separated, of ${TIMEFRAMES.join(' ')}`,
  }),
  HISTORY_CANDLES: Type.Integer({
    default: 300,
    minimum: 1,
    maximum: 10_000,
    description: 'closed candles read from the venue when a stream is first wanted, 1 to 10000',
  }),
  BINANCE_ROLLOVER_HOURS: Type.Number({
    default: 23.5,
    exclusiveMinimum: 0,
    maximum: 23.9,
    description: 'age in hours at which a Binance socket is replaced; the venue cuts it at 24',
  }),
  CANDLE_RETENTION_DAYS: Type.Array(Type.String({ pattern: `^(${TIMEFRAMES.join('|')}):[1-9][0-9]{0,4}$` }), {
    default: ['1m:30', '5m:90', '15m:180', '1h:730', '4h:1460'],
    description:
      'days that closed candles are kept, as timeframe:days, comma separated; one not named is kept for ever',
  }),
});
export type FeedGatewayConfig = Static<typeof FeedGatewayConfig>;
