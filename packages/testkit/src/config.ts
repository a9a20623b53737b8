import { existsSync } from 'node:fs';

/** The Chromium for browser tests: CHROMIUM_PATH, or where Debian's package puts it. Undefined: there is none. */
export function chromiumPath(env: Record<string, string | undefined> = process.env): string | undefined {
  const path = env.CHROMIUM_PATH || '/usr/bin/chromium';
  return existsSync(path) ? path : undefined;
}
