import { type Browser, chromium } from 'playwright-core';
import { chromiumPath } from './config.ts';

export type { Browser } from 'playwright-core';

/** No GPU and no sandbox (containers), and nothing that talks to the network by itself. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Why browser tests cannot run here; undefined when they can. Use: `test.skipIf(missingChromium())`. */
export function missingChromium(): string | undefined {
  if (chromiumPath() !== undefined) return undefined;
  return 'There is no Chromium: install it (apt-get install chromium) or set CHROMIUM_PATH.';
}

/** A headless Chromium; close it in `afterAll`. Throws, saying what to install, when there is none. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error(missingChromium());
  return chromium.launch({ executablePath, args: FLAGS });
}
