import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, lstatSync, mkdirSync, rmdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Account } from './account.ts';
import { LocalPostgresError } from './local-postgres-error.ts';

const SHARED_PARENT = '/var/tmp';

/** A folder under /var/tmp (survives a reboot) that belongs to `path` alone. */
export function relocatedPath(kind: string, path: string): string {
  const key = createHash('sha256').update(path).digest('hex').slice(0, 16);
  return `${SHARED_PARENT}/onefeed-${kind}-${key}`;
}

/** Whether the account may enter and write `folder`, asked of the system itself (modes, ACLs, mounts). */
export function canUse(account: Account, folder: string): boolean {
  const probe = spawnSync('/bin/sh', ['-c', '[ -w "$1" ] && [ -x "$1" ] && cd "$1"', 'sh', folder], {
    cwd: '/',
    ...account.ids,
  });
  return probe.status === 0;
}

/**
 * Makes `folder` (0700) for the account. Throws when it cannot be made, or when somebody else owns it: in a
 * folder that all may write, another user could have put it there before us.
 */
export function makePrivateFolder(account: Account, folder: string): void {
  try {
    mkdirSync(dirname(folder), { recursive: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    const trusted = [process.getuid?.(), account.ids?.uid];
    if (!found.isDirectory() || !trusted.includes(found.uid)) {
      throw new LocalPostgresError(`${folder} belongs to another user; remove it or set DATABASE_URL.`);
    }
    if (account.ids !== undefined) chownSync(folder, account.ids.uid, account.ids.gid);
  } catch (error) {
    if (error instanceof LocalPostgresError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new LocalPostgresError(
      `The folder ${folder} cannot be written (${code}): make it writable or set DATABASE_URL.`,
    );
  }
}

/**
 * The folder for the cluster: `wanted`, or, when the account cannot reach it (root's clone under /root or in
 * a 0700 folder), one under /var/tmp derived from it, so that the next start finds the same data.
 */
export function claimFolder(account: Account, wanted: string, log: (line: string) => void): string {
  makePrivateFolder(account, wanted);
  if (canUse(account, wanted)) return wanted;
  if (account.ids === undefined) {
    throw new LocalPostgresError(
      `The folder ${wanted} is not writable: make it writable or set DATABASE_URL.`,
    );
  }
  removeIfEmpty(wanted);
  const relocated = relocatedPath('postgres', wanted);
  makePrivateFolder(account, relocated);
  if (!canUse(account, relocated)) {
    throw new LocalPostgresError(`${relocated} is not usable by ${account.name}: set DATABASE_URL.`);
  }
  log(`the account ${account.name} cannot reach ${wanted}: the database is kept in ${relocated}`);
  return relocated;
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something is in it: an earlier cluster, from when the account could still reach it. It is left alone.
  }
}
