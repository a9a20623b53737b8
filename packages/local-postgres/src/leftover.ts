import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalPostgresError } from './local-postgres-error.ts';

const FAST_STOP_MS = 5_000;
const IMMEDIATE_STOP_MS = 5_000;

/**
 * Stops the server that an earlier, killed run may have left on this data directory, so that nobody writes
 * beside us, and removes a lock file whose process is gone: after a reboot its number may belong to another
 * program, which Postgres would take for a running server.
 */
export async function stopLeftover(dataDirectory: string, log: (line: string) => void): Promise<void> {
  const lockFile = join(dataDirectory, 'postmaster.pid');
  if (!existsSync(lockFile)) return;
  const pid = Number(readFileSync(lockFile, 'utf8').split('\n')[0]);
  if (!Number.isInteger(pid) || !runsOn(pid, dataDirectory)) {
    rmSync(lockFile, { force: true });
    return;
  }
  log(`stopping the Postgres (process ${pid}) that an earlier run left behind`);
  for (const [signal, patienceMs] of [
    ['SIGINT', FAST_STOP_MS],
    ['SIGQUIT', IMMEDIATE_STOP_MS],
  ] as const) {
    kill(pid, signal);
    if (await goneWithin(pid, dataDirectory, patienceMs)) return;
  }
  throw new LocalPostgresError(
    `An earlier Postgres (process ${pid}) still runs on ${dataDirectory} and does not stop: end it and start again.`,
  );
}

/** Whether the process is a Postgres server on this data directory (its command line names it). */
function runsOn(pid: number, dataDirectory: string): boolean {
  const ps = spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  const command = ps.error === undefined ? ps.stdout : readCommand(pid);
  return command.includes('postgres') && command.includes(dataDirectory);
}

function readCommand(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between: that is what was wanted.
  }
}

async function goneWithin(pid: number, dataDirectory: string, patienceMs: number): Promise<boolean> {
  const attempts = Math.ceil(patienceMs / 50);
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (!runsOn(pid, dataDirectory)) return true;
    await delay(50);
  }
  return false;
}
