import { accessSync, constants, mkdirSync } from 'node:fs';
import { UsageError } from './usage-error.ts';

/** Makes the folder that holds everything between runs; UsageError when it cannot be written. */
export function openHome(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UsageError(
      `The folder ${folder} cannot be written (${code}): make it writable or set ONEFEED_HOME to another one.`,
      1,
    );
  }
}
