import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHome } from './home-folder.ts';
import { requireFreePorts } from './ports.ts';
import { loadSecrets } from './secrets.ts';
import { acquireStartLock } from './start-lock.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'onefeed-home-'));
});
afterEach(() => rmSync(home, { recursive: true }));

test('one start a folder; the next one after its end', () => {
  const lock = acquireStartLock(home, () => true);
  writeFileSync(join(home, 'lock'), '4242\n');
  expect(() => acquireStartLock(home, () => true)).toThrow(
    /^onefeed already runs in this folder \(process 4242, lock /,
  );
  lock.release();
  acquireStartLock(home, () => true).release();
});

test('the lock of a killed start is taken over', () => {
  writeFileSync(join(home, 'lock'), '4242\n');
  acquireStartLock(home, () => false);
  expect(readFileSync(join(home, 'lock'), 'utf8')).toBe(`${process.pid}\n`);
});

test('the lock of a living process that is no start (its number was used again) is taken over', () => {
  writeFileSync(join(home, 'lock'), `${process.ppid}\n`);
  acquireStartLock(home);
  expect(readFileSync(join(home, 'lock'), 'utf8')).toBe(`${process.pid}\n`);
});

test('a damaged lock is taken over', () => {
  writeFileSync(join(home, 'lock'), '');
  acquireStartLock(home);
  expect(readFileSync(join(home, 'lock'), 'utf8')).toBe(`${process.pid}\n`);
});

test('a folder that cannot be made is one line', () => {
  const file = join(home, 'file');
  writeFileSync(file, '');
  expect(() => openHome(join(file, 'data'))).toThrow(
    /^The folder \S+ cannot be written \(E\w+\): make it writable or set/,
  );
});

test('secrets are made once, for the owner alone', () => {
  const first = loadSecrets(home);
  expect(Buffer.from(first.JWT_SECRET, 'base64')).toHaveLength(32);
  expect(first.JWT_SECRET).not.toBe(first.SECRETS_KEY);
  expect(statSync(join(home, 'secrets.json')).mode & 0o777).toBe(0o600);
  expect(loadSecrets(home)).toEqual(first);
});

test('damaged secrets are not replaced in silence', () => {
  writeFileSync(join(home, 'secrets.json'), '{');
  expect(() => loadSecrets(home)).toThrow(/secrets\.json is damaged/);
});

test.each(['127.0.0.1', '0.0.0.0'])(
  'a port that is taken on %s is named, with the flag that moves it',
  async (host) => {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const wanted = [{ port, what: 'web app and API', flag: '--port' }];
    await expect(requireFreePorts(wanted)).rejects.toThrow(
      `Port ${port} (web app and API) is taken by another program: end that one or choose another with --port.`,
    );
    server.close();
    await once(server, 'close');
    await requireFreePorts(wanted);
  },
);

test('a port wanted twice is named', async () => {
  const twice = [
    { port: 40_001, what: 'web app and API', flag: '--port' },
    { port: 40_001, what: 'health and metrics', flag: '--internal-port' },
  ];
  await expect(requireFreePorts(twice)).rejects.toThrow(/^Port 40001 is wanted twice/);
});
