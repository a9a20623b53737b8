import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { AdminLogin } from './admin-login.ts';
import type { Config } from './config.ts';

const ASK_EVERY_MS = 50;

/** Resolves true when something listens on the port, false when `signal` aborts first. */
export async function portOpens(port: number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (await answers(port)) return true;
    await delay(ASK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
  return false;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** What a person reads when the platform is up. */
export function openingText(
  { flags }: Pick<Config, 'flags'>,
  admin: AdminLogin | undefined,
  tookMs: number,
): string {
  const url = `http://localhost:${flags.port}`;
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
