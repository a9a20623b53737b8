import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { LocalPostgresError } from './local-postgres-error.ts';

/** The superuser of the cluster. */
export const DATABASE_USER = 'onefeed';
const MAJOR_VERSION = '18';

/** Where a cluster keeps its things inside its folder. */
export interface DataDirectory {
  path: string;
  password: string;
}

/**
 * Opens the cluster in `folder`, making it first when there is none. It is made under another name and then
 * renamed, so that an interrupted start leaves nothing half-made. `durable` false skips the flush to disk.
 */
export function openDataDirectory(
  folder: string,
  options: { binaries: Binaries; account: Account; durable: boolean },
): DataDirectory {
  const path = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  if (existsSync(join(path, 'PG_VERSION'))) {
    checkVersion(path);
    return { path, password: readPassword(passwordFile) };
  }
  const password = existsSync(passwordFile)
    ? readPassword(passwordFile)
    : writePassword(passwordFile, options.account);
  const unfinished = join(folder, 'data.unfinished');
  rmSync(unfinished, { recursive: true, force: true });
  initialise(unfinished, passwordFile, options);
  renameSync(unfinished, path);
  return { path, password };
}

function checkVersion(path: string): void {
  const version = readFileSync(join(path, 'PG_VERSION'), 'utf8').trim();
  if (version === MAJOR_VERSION) return;
  throw new LocalPostgresError(
    `The database in ${path} was made by Postgres ${version}, this is ${MAJOR_VERSION}: ` +
      'move it away to start with an empty one, or serve it with its own Postgres and set DATABASE_URL.',
  );
}

function readPassword(file: string): string {
  const password = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (password !== '') return password;
  throw new LocalPostgresError(
    `The database's password file ${file} is missing or empty: restore it, or move the data away.`,
  );
}

/** 0600 and the server's account's own: initdb, which runs as that account, has to read it. */
function writePassword(file: string, account: Account): string {
  const password = randomBytes(24).toString('base64url');
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  if (account.ids !== undefined) chownSync(file, account.ids.uid, account.ids.gid);
  return password;
}

/** The built-in C.UTF-8 collation is the same on every system, whatever locales it has. */
function initialise(
  path: string,
  passwordFile: string,
  { binaries, account, durable }: { binaries: Binaries; account: Account; durable: boolean },
): void {
  const run = spawnSync(
    binaries.initdb,
    [
      `--pgdata=${path}`,
      `--username=${DATABASE_USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ],
    { cwd: '/', encoding: 'utf8', env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' }, ...account.ids },
  );
  if (run.status === 0) return;
  const reason = run.error?.message ?? run.stderr.trim().split('\n').slice(0, 3).join(' ');
  throw new LocalPostgresError(`A database could not be made in ${path}: ${reason}`);
}
