import { spawn } from 'node:child_process';
import type { Account } from './account.ts';

export interface OrphanGuard {
  dismiss(): void;
}

/**
 * Ends the server when this process is killed without a chance to do so: a shell waits on a pipe that only this
 * process holds, and at its end asks the server for a fast shutdown. `dismiss` before stopping the server, so
 * that the number is never signalled after it was given to another process.
 */
export function guardAgainstOrphan(pid: number, account: Account): OrphanGuard {
  const script = `while read -r _; do :; done; kill -INT ${pid} 2>/dev/null`;
  const guard = spawn('/bin/sh', ['-c', script], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    ...account.ids,
  });
  // Without the guard the next start still finds and stops the left-over server.
  guard.on('error', () => {});
  guard.unref();
  const pipe = guard.stdin as (typeof guard.stdin & { unref?: () => void }) | null;
  pipe?.on('error', () => {});
  pipe?.unref?.();
  return {
    dismiss() {
      guard.kill('SIGKILL');
    },
  };
}
