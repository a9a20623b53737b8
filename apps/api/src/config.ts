import { InstrumentName } from '@onefeed/contracts';
import { CommonConfig } from '@onefeed/service-kit';
import { type Static, Type } from 'typebox';

/** Every variable the api reads. Secrets: JWT_SECRET, ADMIN_PASSWORD, DATABASE_URL. */
export const ApiConfig = Type.Object({
  ...CommonConfig.properties,
  PORT: Type.Integer({
    minimum: 0,
    maximum: 65_535,
    default: 5_001,
    description: 'port of the api and the web app',
  }),
  HOST: Type.String({ default: '0.0.0.0', minLength: 1, description: 'address to listen on' }),
  JWT_SECRET: Type.String({
    minLength: 32,
    description: 'at least 32 random characters; signs access tokens',
  }),
  ADMIN_EMAIL: Type.Optional(
    Type.String({
      pattern: '^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$',
      description: 'e-mail of the first administrator',
    }),
  ),
  ADMIN_PASSWORD: Type.Optional(
    Type.String({
      minLength: 10,
      maxLength: 200,
      description: 'at least 10 characters; used when the account is created',
    }),
  ),
  INSTRUMENTS: Type.Array(InstrumentName, {
    default: ['BTCUSDT'],
    minItems: 1,
    description: 'always-on Binance instruments, comma separated, for example BTCUSDT,ETHUSDT',
  }),
  MAX_CAPACITY: Type.Integer({
    minimum: 1,
    default: 100_000,
    description: 'running bots this installation is sized for; past them no bot is started',
  }),
  MAX_SOCKETS: Type.Integer({ minimum: 1, default: 20_000, description: 'live clients of this process' }),
  MAX_SOCKETS_PER_ADDRESS: Type.Integer({
    minimum: 1,
    default: 200,
    description: 'live clients of one IP address',
  }),
  MAX_SOCKETS_PER_USER: Type.Integer({ minimum: 1, default: 20, description: 'live clients of one user' }),
  ALLOWED_ORIGINS: Type.Array(Type.String({ pattern: '^https?://[^/]+$' }), {
    default: [],
    description:
      'origins besides our own that may open sockets and log in, for example https://app.example.com',
  }),
  TRUST_PROXY: Type.Boolean({
    default: false,
    description: 'true when one reverse proxy in front of the api sets X-Forwarded-For',
  }),
  WEB_DIST: Type.Optional(Type.String({ minLength: 1, description: 'folder of the built web app' })),
});
export type ApiConfig = Static<typeof ApiConfig>;

/** Variables that are set together or not at all. */
export const API_CONFIG_GROUPS = [['ADMIN_EMAIL', 'ADMIN_PASSWORD']];
