import type { Config } from './config.ts';
import type { SimulatorTime } from './market-time.ts';
import type { Secrets } from './secrets.ts';

/** One process of the platform: its app and everything it is told. */
export interface ServicePlan {
  name: string;
  env: Readonly<Record<string, string>>;
}

export interface Access {
  databaseUrl: string;
  secrets: Secrets;
  /** Given while the database has no admin yet, or when the operator chose one. */
  admin: { email: string; password: string } | undefined;
}

/** The venues' public market data: no account, no order ever goes there. */
const LIVE_VENUES = {
  BINANCE_WS_URL: 'wss://data-stream.binance.vision',
  BINANCE_REST_URL: 'https://data-api.binance.vision',
  PUMPPORTAL_WS_URL: 'wss://pumpportal.fun/api/data',
};
/** An entry signal is good for this long, in seconds of market time, at real speed; and the runner's maximum. */
const ENTRY_MAX_AGE_SECONDS = 120;
const LONGEST_ENTRY_AGE_SECONDS = 86_400;

/** Variables that only the processes named here get to see, whatever the operator's shell has set (I9). */
const RESTRICTED: Readonly<Record<string, readonly string[]>> = {
  DATABASE_URL: ['feed-gateway', 'analysis-engine', 'bot-runner', 'api'],
  PUMPPORTAL_API_KEY: ['feed-gateway'],
  SOLANA_RPC_URL: ['feed-gateway'],
  SOLANA_WS_URL: ['feed-gateway'],
  JWT_SECRET: ['api'],
  SECRETS_KEY: ['api', 'bot-runner'],
  ADMIN_EMAIL: ['api'],
  ADMIN_PASSWORD: ['api'],
};

/**
 * The bundled Postgres keeps a database for each market: candles of one would be holes or lies in another, and
 * money made in a simulation is not money made on real prices.
 */
export function databaseNameOf({ flags }: Pick<Config, 'flags'>): string {
  if (flags.live) return 'onefeed_live';
  return flags.replay ? 'onefeed_replay' : `onefeed_simulated_${flags.seed}`;
}

/** Which ports the processes use, derived from the flags. */
export function portsOf({ flags }: Pick<Config, 'flags'>) {
  const first = flags.internalPort;
  return {
    api: flags.port,
    gatewayInternal: first,
    engineInternal: first + 1,
    runnerInternal: first + 2,
    apiInternal: first + 3,
    simInternal: first + 4,
    sim: first + 9,
  };
}

/** The simulator. `time` undefined: a replay has the recording's time. */
export function planSimulator(config: Config, time: SimulatorTime | undefined): ServicePlan {
  const { flags } = config;
  const ports = portsOf(config);
  return plan(config, 'market-sim', ports.simInternal, {
    SIM_PORT: String(ports.sim),
    SIM_SPEED: String(time?.speed ?? flags.speed),
    SIM_STARTED_AT: time === undefined ? undefined : String(time.startedAt),
    SIM_SEED: String(flags.seed),
    SIM_REPLAY: flags.replay?.file,
  });
}

/** The four processes that share the database. */
export function planServices(config: Config, access: Access): ServicePlan[] {
  const { flags } = config;
  const ports = portsOf(config);
  const restricted = {
    DATABASE_URL: access.databaseUrl,
    JWT_SECRET: given(config, 'JWT_SECRET') ?? access.secrets.JWT_SECRET,
    SECRETS_KEY: given(config, 'SECRETS_KEY') ?? access.secrets.SECRETS_KEY,
    // The simulator takes any key for a funded one: the gateway then follows single trades.
    PUMPPORTAL_API_KEY: flags.live ? given(config, 'PUMPPORTAL_API_KEY') : 'simulator',
    // Providers put keys into these addresses.
    SOLANA_RPC_URL: flags.live ? given(config, 'SOLANA_RPC_URL') : `http://127.0.0.1:${ports.sim}/solana`,
    SOLANA_WS_URL: flags.live ? given(config, 'SOLANA_WS_URL') : undefined,
    ADMIN_EMAIL: access.admin?.email,
    ADMIN_PASSWORD: access.admin?.password,
  };
  const service = (name: string, internalPort: number, own: Record<string, string | undefined> = {}) =>
    plan(config, name, internalPort, { ...restrictedFor(name, restricted), ...own });
  const instruments = given(config, 'INSTRUMENTS') ?? flags.replay?.instrument;
  return [
    service('feed-gateway', ports.gatewayInternal, { ...venuesOf(config), INSTRUMENTS: instruments }),
    service('analysis-engine', ports.engineInternal),
    service('bot-runner', ports.runnerInternal, {
      ENTRY_MAX_AGE_SECONDS:
        given(config, 'ENTRY_MAX_AGE_SECONDS') ??
        String(Math.min(LONGEST_ENTRY_AGE_SECONDS, ENTRY_MAX_AGE_SECONDS * flags.speed)),
    }),
    service('api', ports.apiInternal, { PORT: String(ports.api), INSTRUMENTS: instruments }),
  ];
}

function plan(
  config: Config,
  name: string,
  internalPort: number,
  own: Record<string, string | undefined>,
): ServicePlan {
  return {
    name,
    env: defined({
      ...inherited(config.environment),
      NODE_ENV: 'production',
      NODE_COMPILE_CACHE: given(config, 'NODE_COMPILE_CACHE') ?? `${config.home}/compile-cache`,
      INTERNAL_PORT: String(internalPort),
      ...own,
    }),
  };
}

/** Addresses of the venues' market data. */
function venuesOf(config: Config): Record<string, string> {
  const { sim } = portsOf(config);
  if (!config.flags.live) {
    return {
      BINANCE_WS_URL: `ws://127.0.0.1:${sim}`,
      BINANCE_REST_URL: `http://127.0.0.1:${sim}`,
      PUMPPORTAL_WS_URL: `ws://127.0.0.1:${sim}/api/data`,
    };
  }
  return Object.fromEntries(
    Object.entries(LIVE_VENUES).map(([name, url]) => [name, given(config, name) ?? url]),
  );
}

function given({ environment }: Config, name: string): string | undefined {
  return environment[name]?.trim() || undefined;
}

/** The operator's environment, minus what only some may see and what npm adds for its own scripts. */
function inherited(environment: Config['environment']): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => !(name in RESTRICTED) && !/^(npm_|PORT$|INIT_CWD$)/i.test(name),
    ),
  );
}

function restrictedFor(
  service: string,
  values: Record<string, string | undefined>,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => RESTRICTED[name]?.includes(service)));
}

function defined(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
