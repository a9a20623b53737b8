import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@onefeed/client';
import { WebSocket } from 'ws';
import type { Benchmark } from './benchmark.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PORT = 15_901;
const INTERNAL_PORT = 15_910;
const ROUNDS = 3;
const BUDGET_MS = 5_000;
const GIVE_UP_MS = 60_000;

/** `npm start` of an installed tree until a registered user's WebSocket has received a candle of BTCUSDT. */
export const start: Benchmark = {
  name: 'start',
  about:
    'From the command to the first candle at a WebSocket client, registration included. "first start" also makes the ' +
    'database; "again" starts on what the first one left. Not measured: the installation, a browser drawing the page.',
  async run() {
    const first: number[] = [];
    const again: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const home = mkdtempSync(join(tmpdir(), 'onefeed-bench-'));
      // Root's Postgres runs under another account, which has to get in.
      chmodSync(home, 0o711);
      try {
        first.push(await timeToFirstCandleMs(home));
        again.push(await timeToFirstCandleMs(home));
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    }
    const comparedWith = { name: 'budget', value: BUDGET_MS };
    return [
      { name: 'first start', unit: 'ms', values: first, comparedWith },
      { name: 'again', unit: 'ms', values: again, comparedWith },
    ];
  },
};

async function timeToFirstCandleMs(home: string): Promise<number> {
  const startedAt = performance.now();
  const args = ['scripts/start.mjs', '--port', String(PORT), '--internal-port', String(INTERNAL_PORT)];
  const platform = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ONEFEED_HOME: home, DATABASE_URL: '' },
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => platform.once('exit', () => resolve()));
  try {
    await firstCandle(startedAt + GIVE_UP_MS);
    return performance.now() - startedAt;
  } finally {
    platform.kill('SIGINT');
    await ended;
  }
}

async function firstCandle(deadline: number): Promise<void> {
  const client = createClient({ baseUrl: `http://127.0.0.1:${PORT}`, WebSocket: WebSocket as never });
  const credentials = { email: `bench-${Date.now()}@example.com`, password: 'a long enough password' };
  while (
    !(await client.register(credentials).then(
      () => true,
      () => false,
    ))
  ) {
    if (performance.now() > deadline) throw new Error(`The platform did not answer within ${GIVE_UP_MS} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const socket = client.socket();
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error('No candle came.')),
        Math.max(0, deadline - performance.now()),
      );
      socket.subscribe('candles:binance:BTCUSDT:1m', (update) => {
        if (update.kind === 'snapshot' && update.data.candles.length === 0) return;
        clearTimeout(timer);
        resolve();
      });
    });
  } finally {
    socket.close();
  }
}
