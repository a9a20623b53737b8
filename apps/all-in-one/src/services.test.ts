import { expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { databaseNameOf, planServices, planSimulator, portsOf } from './services.ts';

const access = {
  databaseUrl: 'postgres://u:p@127.0.0.1:1/d',
  secrets: { JWT_SECRET: 'jwt', SECRETS_KEY: 'key' },
  admin: { email: 'admin@onefeed.local', password: 'generated' },
};
const envOf = (args: string[], environment: Record<string, string> = {}) =>
  Object.fromEntries(planServices(readConfig(args, environment), access).map(({ name, env }) => [name, env]));

test('a simulated start points the gateway at the simulator', () => {
  const config = readConfig(['--speed', '60', '--seed', '3'], {});
  const { sim } = portsOf(config);
  expect(planSimulator(config, { startedAt: 123, speed: 60 }).env).toMatchObject({
    SIM_PORT: String(sim),
    SIM_SPEED: '60',
    SIM_SEED: '3',
    SIM_STARTED_AT: '123',
  });
  const services = envOf(['--speed', '60']);
  expect(services['feed-gateway']).toMatchObject({
    BINANCE_WS_URL: `ws://127.0.0.1:${sim}`,
    BINANCE_REST_URL: `http://127.0.0.1:${sim}`,
    PUMPPORTAL_WS_URL: `ws://127.0.0.1:${sim}/api/data`,
    SOLANA_RPC_URL: `http://127.0.0.1:${sim}/solana`,
  });
  expect(services['bot-runner']?.ENTRY_MAX_AGE_SECONDS).toBe('7200');
  // The runner refuses more than a day.
  expect(envOf(['--speed', '1000'])['bot-runner']?.ENTRY_MAX_AGE_SECONDS).toBe('86400');
});

test('a live start uses the public market data of the real venues, or the given addresses', () => {
  expect(envOf(['--live'])['feed-gateway']).toMatchObject({
    BINANCE_WS_URL: 'wss://data-stream.binance.vision',
    BINANCE_REST_URL: 'https://data-api.binance.vision',
    PUMPPORTAL_WS_URL: 'wss://pumpportal.fun/api/data',
  });
  expect(envOf(['--live'])['feed-gateway']?.PUMPPORTAL_API_KEY).toBeUndefined();
  expect(envOf(['--live'], { BINANCE_WS_URL: 'ws://mine' })['feed-gateway']?.BINANCE_WS_URL).toBe(
    'ws://mine',
  );
  expect(envOf(['--live'])['bot-runner']?.ENTRY_MAX_AGE_SECONDS).toBe('120');
});

test('each process sees only the secrets it needs, also of those in the shell', () => {
  const shell = {
    JWT_SECRET: 'mine',
    SECRETS_KEY: 'mine',
    DATABASE_URL: 'postgres://other/x',
    PUMPPORTAL_API_KEY: 'k',
    SOLANA_RPC_URL: 'https://node/?api-key=k',
  };
  const services = envOf(['--live'], shell);
  const holders = (name: string) =>
    Object.keys(services).filter((service) => services[service]?.[name] !== undefined);
  expect(holders('JWT_SECRET')).toEqual(['api']);
  expect(holders('ADMIN_PASSWORD')).toEqual(['api']);
  expect(holders('SECRETS_KEY')).toEqual(['bot-runner', 'api']);
  expect(holders('PUMPPORTAL_API_KEY')).toEqual(['feed-gateway']);
  expect(holders('SOLANA_RPC_URL')).toEqual(['feed-gateway']);
  expect(services.api?.JWT_SECRET).toBe('mine');
  expect(services.api?.DATABASE_URL).toBe(access.databaseUrl);
  const simulator = planSimulator(readConfig([], shell), undefined).env;
  expect(Object.values(simulator)).not.toContain('mine');
  expect(simulator.DATABASE_URL).toBeUndefined();
});

test('no two processes get the same port', () => {
  const ports = Object.values(portsOf(readConfig([], {})));
  expect(new Set(ports).size).toBe(ports.length);
});

test('each market has its own database', () => {
  const flags = { ...readConfig([], {}).flags, replay: { file: 'f', instrument: 'BTCUSDT' } };
  const names = [
    databaseNameOf(readConfig([], {})),
    databaseNameOf(readConfig(['--seed', '2'], {})),
    databaseNameOf(readConfig(['--live'], {})),
    databaseNameOf({ flags }),
  ];
  expect(names).toEqual(['onefeed_simulated_1', 'onefeed_simulated_2', 'onefeed_live', 'onefeed_replay']);
});
