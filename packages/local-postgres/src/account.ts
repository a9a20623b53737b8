import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { LocalPostgresError } from './local-postgres-error.ts';

/** The system account Postgres runs as. `ids` is absent when it is the account of this process. */
export interface Account {
  name: string;
  ids?: { uid: number; gid: number };
}

/** Finds `name` in the text of /etc/passwd. */
export function findAccount(passwd: string, name: string): Account | undefined {
  for (const line of passwd.split('\n')) {
    const [entry, , uid, gid] = line.split(':');
    if (entry === name && uid !== undefined && gid !== undefined) {
      return { name, ids: { uid: Number(uid), gid: Number(gid) } };
    }
  }
  return undefined;
}

/**
 * Postgres refuses to run as root. A root process gives it the account `postgres`, created when it is missing,
 * or `nobody` where accounts cannot be created. The account must have an entry in /etc/passwd: initdb looks
 * its own name up.
 */
export function chooseAccount(): Account {
  if (process.getuid?.() !== 0) return { name: 'the current user' };
  const passwd = () => readFileSync('/etc/passwd', 'utf8');
  const existing = findAccount(passwd(), 'postgres');
  if (existing !== undefined) return existing;
  // Its failure is not fatal: a read-only or minimal system still has `nobody`.
  spawnSync('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    'postgres',
  ]);
  const account = findAccount(passwd(), 'postgres') ?? findAccount(passwd(), 'nobody');
  if (account !== undefined) return account;
  throw new LocalPostgresError(
    'Postgres refuses to run as root and this system has no "postgres" or "nobody" account: ' +
      'create one, run as an ordinary user, or set DATABASE_URL.',
  );
}
