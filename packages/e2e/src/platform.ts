import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestDatabase, type TestDatabase } from '@onefeed/testkit';
import pg from 'pg';
import { type BundledDatabase, findBundledDatabase } from './bundled-database.ts';
import { findFreeRange } from './free-ports.ts';

const MAIN = fileURLToPath(new URL('../../../apps/all-in-one/src/main.ts', import.meta.url));
/** In the order of their internal ports. */
export const SERVICES = ['feed-gateway', 'analysis-engine', 'bot-runner', 'api', 'market-sim'] as const;
export type ServiceName = (typeof SERVICES)[number];

export interface Platform {
  baseUrl: string;
  database: pg.Pool;
  /** Health and metrics address of a process. */
  internalUrl(service: ServiceName): string;
  /** Value of one metric (all its label sets added up), or of those whose labels contain `labels`. */
  metric(service: ServiceName, name: string, labels?: Record<string, string>): Promise<number>;
  /** Process id of a service's present life. */
  processId(service: ServiceName): Promise<number>;
  /** Process id of the bundled Postgres; throws when the platform runs on the tests' own. */
  databaseProcessId(): number;
  /** The last lines the platform printed. */
  output(): string;
  /** As Ctrl-C does; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export interface PlatformOptions {
  environment?: Readonly<Record<string, string>>;
  /** Use the Postgres that `npm start` brings (durable, and one more process to kill) and its seed's database. */
  bundledSeed?: number;
}

/** The whole platform as `npm start` runs it, on a database and a folder of its own and on free ports. */
export async function startPlatform(
  args: readonly string[] = [],
  { environment = {}, bundledSeed }: PlatformOptions = {},
): Promise<Platform> {
  const testDatabase = bundledSeed === undefined ? await createTestDatabase() : undefined;
  const home = mkdtempSync(join(tmpdir(), 'onefeed-e2e-'));
  chmodSync(home, 0o711);
  const internalPort = await findFreeRange(11);
  const port = internalPort + 10;
  const child = spawn(
    process.execPath,
    [MAIN, '--port', String(port), '--internal-port', String(internalPort), ...args],
    {
      env: {
        ...process.env,
        ONEFEED_HOME: home,
        DATABASE_URL: testDatabase?.url ?? '',
        ADMIN_EMAIL: ADMIN.email,
        ADMIN_PASSWORD: ADMIN.password,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      lines.push(...chunk.toString().split('\n'));
      lines.splice(0, Math.max(0, lines.length - 400));
    });
  }
  const baseUrl = `http://127.0.0.1:${port}`;
  const ports = new Map(SERVICES.map((service, index) => [service, internalPort + index]));
  const internalUrl = (service: ServiceName) => `http://127.0.0.1:${ports.get(service)}`;

  let stopped: Promise<number | null> | undefined;
  let bundled: BundledDatabase | undefined;
  let database: pg.Pool | undefined;
  const platform: Platform = {
    baseUrl,
    get database() {
      if (bundledSeed !== undefined)
        bundled ??= findBundledDatabase(home, `onefeed_simulated_${bundledSeed}`);
      database ??= openPool(testDatabase?.url ?? bundled?.url ?? '');
      return database;
    },
    databaseProcessId: () => {
      if (bundledSeed === undefined) throw new Error("This platform uses the tests' database.");
      return findBundledDatabase(home, '').processId();
    },
    internalUrl,
    metric: async (service, name, labels = {}) =>
      readMetric(await text(`${internalUrl(service)}/metrics`), name, labels),
    // An instance is named <service>-<pid>-<random>.
    processId: async (service) => {
      const { instance } = JSON.parse(await text(`${internalUrl(service)}/healthz`)) as { instance: string };
      return Number(instance.split('-').at(-2));
    },
    output: () => lines.join('\n'),
    stop: () => {
      stopped ??= stop(child, () => database?.end(), testDatabase, home);
      return stopped;
    },
  };
  try {
    await waitFor('the platform to be ready', 60_000, async () => {
      if (child.exitCode !== null)
        throw new Error(`The platform ended with ${child.exitCode}:\n${platform.output()}`);
      const answers = await Promise.all(SERVICES.map((service) => fetch(`${internalUrl(service)}/readyz`)));
      return answers.every((answer) => answer.ok) && (await fetch(`${baseUrl}/api/admin/health`)).ok;
    });
  } catch (error) {
    await platform.stop();
    throw new Error(`${(error as Error).message}\n${platform.output()}`);
  }
  return platform;
}

export const ADMIN = { email: 'admin@example.com', password: 'correct horse battery' };

/** Asks until the answer is true or a value; an error counts as "not yet", and is told when time is up. */
export async function waitFor<Value>(
  what: string,
  withinMs: number,
  ask: () => Promise<Value | false | null | undefined>,
): Promise<Value> {
  const deadline = performance.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await ask();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) {
      throw new Error(
        `Waited ${withinMs} ms for ${what}${last === undefined ? '' : `; last error: ${last}`}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function text(url: string): Promise<string> {
  return (await fetch(url)).text();
}

/** Sum of the samples of a metric whose labels contain `labels`; NaN when there is none. */
function readMetric(exposition: string, name: string, labels: Record<string, string>): number {
  let sum = Number.NaN;
  for (const line of exposition.split('\n')) {
    const match = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match === null || match[1] !== name) continue;
    const wanted = Object.entries(labels).every(([key, value]) => match[2]?.includes(`${key}="${value}"`));
    if (wanted) sum = (Number.isNaN(sum) ? 0 : sum) + Number(match[3]);
  }
  return sum;
}

function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 3 });
  pool.on('error', () => {});
  return pool;
}

async function stop(
  child: ChildProcess,
  disconnect: () => Promise<void> | undefined,
  testDatabase: TestDatabase | undefined,
  home: string,
) {
  const ended = new Promise<number | null>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once('exit', (code) => resolve(code));
  });
  child.kill('SIGINT');
  const code = await ended;
  await disconnect();
  await testDatabase?.drop();
  rmSync(home, { recursive: true, force: true });
  return code;
}
