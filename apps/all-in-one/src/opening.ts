import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { AdminLogin } from './admin-login.ts';
import type { Config } from './config.ts';

const ASK_EVERY_MS = 50;

/** Resolves true when something listens at the address, false when `signal` aborts first. */
export async function addressOpens(
  address: { host: string; port: number },
  signal: AbortSignal,
): Promise<boolean> {
  while (!signal.aborted) {
    if (await answers(address)) return true;
    await delay(ASK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
  return false;
}

function answers(address: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Where this machine reaches the api: HOST, unless that means every address. */
export function reachableHost(environment: Config['environment']): string {
  const host = environment.HOST?.trim() || '0.0.0.0';
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}

/** What a person reads when the platform is up. */
export function openingText(
  { flags, environment }: Pick<Config, 'flags' | 'environment'>,
  admin: AdminLogin | undefined,
  tookMs: number,
): string {
  const host = reachableHost(environment);
  const url = `http://${host === '127.0.0.1' ? 'localhost' : host}:${flags.port}`;
  const market = flags.live
    ? 'real market data, paper money'
    : flags.replay
      ? `replay of ${flags.replay.instrument}, ${flags.speed} times faster than real`
      : `simulated market, ${flags.speed} times faster than real`;
  const login = admin?.generated
    ? [
        '',
        `  admin login    ${admin.email}`,
        `  password       ${admin.password}   (shown only now: keep it)`,
      ]
    : [];
  return [
    '',
    `onefeed is running (${(tookMs / 1_000).toFixed(1)} s): ${market}`,
    '',
    `  trade          ${url}/bot`,
    `  watch          ${url}/admin`,
    `  API            ${url}/docs`,
    ...login,
    '',
    '  Ctrl-C stops everything.',
    '',
    '',
  ].join('\n');
}
