import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createEventMonitor, type EventMonitor, findFreePort } from '@onefeed/testkit';
import { afterEach, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const PATIENCE_MS = 90_000;

interface Start {
  process: ChildProcess;
  lines: EventMonitor<string>;
  /** The exit code and everything on standard error. */
  ended: Promise<{ code: number | null; errors: string }>;
}

const homes: string[] = [];
const starts: ChildProcess[] = [];
afterEach(async () => {
  for (const started of starts.splice(0)) started.kill('SIGTERM');
  for (const home of homes.splice(0)) {
    await expect.poll(() => processesOf(home), { timeout: 20_000 }).toEqual([]);
    rmSync(home, { recursive: true, force: true });
  }
});

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'onefeed-all-'));
  // Root's Postgres runs under another account and has to get in, or its data would be elsewhere.
  chmodSync(home, 0o711);
  homes.push(home);
  return home;
}

async function start(home: string, args: string[] = []): Promise<Start> {
  const ports = ['--port', String(await findFreePort()), '--internal-port', String(await tenFreePorts())];
  const child = spawn(process.execPath, [MAIN, ...ports, ...args], {
    env: { PATH: process.env.PATH, ONEFEED_HOME: home, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  starts.push(child);
  const lines = createEventMonitor<string>('output of npm start');
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', lines.push);
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, errors }));
  return { process: child, lines, ended };
}

/** The first of ten ports in a row that are free, away from where the system gives ports out. */
async function tenFreePorts(): Promise<number> {
  return 12_000 + ((await findFreePort()) % 1_800) * 10;
}

/** Command lines of all processes that belong to a start in `home`, database included. */
function processesOf(home: string): string[] {
  const read = (path: string) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter(
      (pid) => read(`/proc/${pid}/environ`).includes(home) || read(`/proc/${pid}/cmdline`).includes(home),
    )
    .map((pid) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim())
    .filter((command) => command !== '');
}

const isUp = (line: string) => line.includes('Ctrl-C stops everything');
const onLinux = process.platform === 'linux';

test.runIf(onLinux)(
  'starts everything, tells the admin login on the first start only, and one signal stops all',
  { timeout: PATIENCE_MS * 2 },
  async () => {
    const home = newHome();
    const first = await start(home, ['--demo-bots', '20']);
    await first.lines.awaitNext(isUp, PATIENCE_MS);
    const login = first.lines.all.find((line) => line.startsWith('  password'));
    expect(login).toMatch(/^ {2}password {7}\S{20} {3}\(shown only now: keep it\)$/);
    expect(processesOf(home).filter((command) => command.includes('/src/main.ts'))).toHaveLength(6);

    const second = await start(home);
    expect(await second.ended).toEqual({
      code: 1,
      errors: `onefeed: onefeed already runs in this folder (process ${first.process.pid}, lock ${home}/lock): stop it first, or set ONEFEED_HOME.\n`,
    });

    first.process.kill('SIGINT');
    expect(await first.ended).toEqual({ code: 0, errors: '' });
    expect(processesOf(home)).toEqual([]);

    const third = await start(home);
    await third.lines.awaitNext(isUp, PATIENCE_MS);
    expect(third.lines.all.filter((line) => line.includes('password'))).toEqual([]);
  },
);

test.runIf(onLinux)(
  'a killed service and a killed database come back; after a kill of the whole, nothing is left',
  { timeout: PATIENCE_MS * 2 },
  async () => {
    const home = newHome();
    const started = await start(home);
    await started.lines.awaitNext(isUp, PATIENCE_MS);

    kill(home, 'apps/bot-runner');
    await started.lines.awaitNext((line) =>
      /bot-runner was ended by SIGKILL; restarting in \d+ ms/.test(line),
    );
    await started.lines.awaitNext((line) => / bot-runner +running/.test(line), PATIENCE_MS);

    kill(home, 'bin/postgres');
    // Its services live on and find it again: the port is the same.
    await started.lines.awaitNext((line) => line.includes('Postgres is running again'), PATIENCE_MS);

    started.process.kill('SIGKILL');
    await expect.poll(() => processesOf(home), { timeout: 30_000 }).toEqual([]);
  },
);

function kill(home: string, command: string): void {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const line = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      const mine = line.includes(home) || readFileSync(`/proc/${name}/environ`, 'utf8').includes(home);
      if (mine && line.includes(command)) process.kill(Number(name), 'SIGKILL');
    } catch {
      // It ended, or it is another user's.
    }
  }
}
