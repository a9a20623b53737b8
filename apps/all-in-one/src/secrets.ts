import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from './usage-error.ts';

/** Made once per folder. Losing them logs everybody out and makes stored exchange keys unreadable. */
export interface Secrets {
  JWT_SECRET: string;
  SECRETS_KEY: string;
}

/** 32 random bytes each, base64, in a 0600 file. */
export function loadSecrets(home: string): Secrets {
  const file = join(home, 'secrets.json');
  const known = read(file);
  if (known !== undefined) return known;
  const fresh = () => randomBytes(32).toString('base64');
  const secrets: Secrets = { JWT_SECRET: fresh(), SECRETS_KEY: fresh() };
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

function read(file: string): Secrets | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`, 1);
  }
  try {
    const { JWT_SECRET, SECRETS_KEY } = JSON.parse(text) as Partial<Secrets>;
    if (typeof JWT_SECRET === 'string' && typeof SECRETS_KEY === 'string') return { JWT_SECRET, SECRETS_KEY };
  } catch {
    // Told below, together with a file that lacks one of them.
  }
  throw new UsageError(
    `${file} is damaged: restore it, or delete it (all sessions end, stored exchange keys are lost).`,
    1,
  );
}
