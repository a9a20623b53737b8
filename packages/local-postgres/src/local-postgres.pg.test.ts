import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, expect, test, vi } from 'vitest';
import { chooseAccount, findAccount } from './account.ts';
import { findBinaries } from './binaries.ts';
import { type LocalPostgres, type LocalPostgresOptions, startLocalPostgres } from './local-postgres.ts';
import { startServer } from './server.ts';
import { BASE_SETTINGS, THROWAWAY_SETTINGS } from './settings.ts';

const INDEX = fileURLToPath(new URL('./index.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;
const running: LocalPostgres[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const postgres of running.splice(0)) {
    await postgres.stop();
    folders.push(postgres.folder);
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** `mode` 0711: other accounts may pass through. */
function newFolder(mode = 0o711): string {
  const folder = mkdtempSync(join(tmpdir(), 'onefeed-local-'));
  chmodSync(folder, mode);
  folders.push(folder);
  return join(folder, 'postgres');
}

async function start(
  dataDirectory: string,
  options: Partial<LocalPostgresOptions> = {},
): Promise<LocalPostgres> {
  const postgres = await startLocalPostgres({
    dataDirectory,
    settings: THROWAWAY_SETTINGS,
    log: () => {},
    ...options,
  });
  running.push(postgres);
  return postgres;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('serves databases behind a password that only the owner can read, and keeps them over a restart', async () => {
  const folder = newFolder();
  const first = await start(folder);
  const url = await first.createDatabase('shop');
  await query(url, 'create table things as select 42 as answer');
  expect(await first.createDatabase('shop')).toBe(url);
  expect(statSync(join(first.folder, 'password')).mode & 0o777).toBe(0o600);
  await expect(query(url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(
    /password authentication failed/,
  );
  await first.stop();
  expect(lives(first.pid)).toBe(false);

  const second = await start(folder);
  expect(await query(second.url('shop'), 'select answer from things')).toEqual([{ answer: 42 }]);
  expect(
    await query(await second.createDatabase('shop', { fresh: true }), "select to_regclass('things') as t"),
  ).toEqual([{ t: null }]);
});

test('listens on this machine only', async () => {
  const postgres = await start(newFolder());
  expect(await query(postgres.url('postgres'), 'show listen_addresses')).toEqual([
    { listen_addresses: '127.0.0.1' },
  ]);
});

test('the server ends when the program that started it is killed', async () => {
  const script = `
    import { startLocalPostgres, THROWAWAY_SETTINGS } from ${JSON.stringify(INDEX)};
    const postgres = await startLocalPostgres({
      dataDirectory: ${JSON.stringify(newFolder())}, settings: THROWAWAY_SETTINGS, log: () => {} });
    console.log(postgres.pid);
    setInterval(() => {}, 1_000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
  const pid = Number(line);
  expect(lives(pid)).toBe(true);
  owner.kill('SIGKILL');
  await vi.waitUntil(() => !lives(pid), { timeout: 10_000 });
});

test('a server left behind by a killed run is stopped and its data is there', async () => {
  const folder = newFolder();
  const first = await start(folder);
  await query(await first.createDatabase('shop'), 'create table things as select 42 as answer');
  await first.stop();
  const account = chooseAccount();
  const leftover = await startServer({
    binaries: findBinaries(account, () => {}),
    account,
    dataDirectory: join(first.folder, 'data'),
    port: first.port,
    settings: { ...BASE_SETTINGS, ...THROWAWAY_SETTINGS },
    log: () => {},
    onUnexpectedExit: () => {},
  });

  const lines: string[] = [];
  const second = await start(folder, { log: (line) => lines.push(line) });
  expect(lives(leftover.pid)).toBe(false);
  expect(lines).toContain(`stopping the Postgres (process ${leftover.pid}) that an earlier run left behind`);
  expect(await query(second.url('shop'), 'select answer from things')).toEqual([{ answer: 42 }]);
});

test('a lock file of a process number that is now another program does not stop the start', async () => {
  const folder = newFolder();
  const first = await start(folder);
  await first.stop();
  writeFileSync(join(first.folder, 'data', 'postmaster.pid'), `${process.pid}\n${first.folder}/data\n`);
  const second = await start(folder);
  expect(await query(second.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('an unexpected end is told, and a start on the same port brings it back', async () => {
  const folder = newFolder();
  const told: string[] = [];
  const first = await start(folder, { onUnexpectedExit: (reason) => told.push(reason) });
  process.kill(first.pid, 'SIGKILL');
  await vi.waitUntil(() => told.length === 1, { timeout: 10_000 });
  const second = await start(folder, { port: first.port });
  expect(second.port).toBe(first.port);
  expect(await query(first.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('stopping tells nobody and may be asked twice', async () => {
  const told: string[] = [];
  const postgres = await start(newFolder(), { onUnexpectedExit: (reason) => told.push(reason) });
  await Promise.all([postgres.stop(), postgres.stop()]);
  expect(told).toEqual([]);
});

test('a folder that cannot be made is one clear line', async () => {
  const file = newFolder();
  writeFileSync(file, 'not a folder');
  await expect(start(join(file, 'postgres'))).rejects.toThrow(
    /^The folder \S+ cannot be written \(E[A-Z]+\): make it writable or set DATABASE_URL\.$/,
  );
});

test('a fixed port that is taken is told in the words of Postgres', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await expect(start(newFolder(), { port })).rejects.toThrow(/^Postgres did not start: .*(could not|FATAL)/);
  server.close();
});

test('a cluster of another major version is refused, not touched', async () => {
  const folder = newFolder();
  const first = await start(folder);
  await first.stop();
  writeFileSync(join(first.folder, 'data', 'PG_VERSION'), '17\n');
  await expect(start(folder)).rejects.toThrow(/was made by Postgres 17, this is 18/);
});

test.runIf(isRoot)(
  'root, in a folder that only root may enter: the data is kept elsewhere, and found again',
  async () => {
    const folder = newFolder(0o700);
    const lines: string[] = [];
    const first = await start(folder, { log: (line) => lines.push(line) });
    expect(first.folder).toMatch(/^\/var\/tmp\/onefeed-postgres-[0-9a-f]{16}$/);
    expect(lines).toEqual([
      `the account postgres cannot reach ${folder}: the database is kept in ${first.folder}`,
    ]);
    expect(existsSync(folder)).toBe(false);
    await query(await first.createDatabase('shop'), 'create table things as select 42 as answer');
    await first.stop();
    const second = await start(folder);
    expect(await query(second.url('shop'), 'select answer from things')).toEqual([{ answer: 42 }]);
  },
);

/** The account `nobody`, when this process may become it and it can read this clone. */
function findNobody(): { uid: number; gid: number } | undefined {
  const ids = isRoot ? findAccount(readFileSync('/etc/passwd', 'utf8'), 'nobody')?.ids : undefined;
  const probe = ['-c', '[ -r "$1" ] && [ -x "$2" ]', 'sh', INDEX, process.execPath];
  return spawnSync('/bin/sh', probe, { ...ids }).status === 0 ? ids : undefined;
}

test.runIf(findNobody())(
  'an ordinary user, in a folder that only they may enter: the data is kept there',
  async () => {
    const ids = findNobody() ?? expect.unreachable();
    const folder = newFolder(0o700);
    chownSync(join(folder, '..'), ids.uid, ids.gid);
    const script = `
    import { startLocalPostgres, THROWAWAY_SETTINGS } from ${JSON.stringify(INDEX)};
    const lines = [];
    const postgres = await startLocalPostgres({
      dataDirectory: ${JSON.stringify(folder)}, settings: THROWAWAY_SETTINGS, log: (line) => lines.push(line) });
    await postgres.createDatabase('shop');
    await postgres.stop();
    console.log(JSON.stringify({ folder: postgres.folder, lines }));`;
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: '/',
      encoding: 'utf8',
      ...ids,
    });
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toEqual({ folder, lines: [] });
  },
);
