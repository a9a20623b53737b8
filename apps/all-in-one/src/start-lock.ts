import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from './usage-error.ts';

export interface StartLock {
  release(): void;
}

/**
 * Lets one start at a time use a folder. A lock whose process is gone (killed, or its number now belongs to
 * something else) is taken over. Throws UsageError when the other start lives.
 */
export function acquireStartLock(home: string, isStart: (pid: number) => boolean = isLivingStart): StartLock {
  const file = join(home, 'lock');
  for (let attempt = 0; attempt < 3; attempt++) {
    if (tryWrite(file)) return { release: () => rmSync(file, { force: true }) };
    const holder = readHolder(file);
    if (holder !== undefined && holder !== process.pid && isStart(holder)) {
      throw new UsageError(
        `onefeed already runs in this folder (process ${holder}, lock ${file}): stop it first, or set ONEFEED_HOME.`,
        1,
      );
    }
    rmSync(file, { force: true });
  }
  throw new UsageError(`The lock ${file} cannot be taken: another start is taking it at this moment.`, 1);
}

function tryWrite(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8').trim());
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Process numbers are used again, so where the system tells (Linux) the command line has to be ours, too. */
function isLivingStart(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('all-in-one/src/main.ts');
  } catch {
    return true;
  }
}
