import type { Config } from './config.ts';
import { openHome } from './home-folder.ts';
import { createPlatform, type Platform } from './platform.ts';
import { type NeededPort, requireFreePorts } from './ports.ts';
import { portsOf } from './services.ts';
import { acquireStartLock } from './start-lock.ts';
import { createTerminal } from './terminal.ts';

/** Takes what one start needs for itself, refusing in one line before anything runs, and wires the platform. */
export async function build(config: Config): Promise<{ platform: Platform; release(): void }> {
  openHome(config.home);
  const lock = acquireStartLock(config.home);
  try {
    await requireFreePorts(neededPorts(config));
  } catch (error) {
    lock.release();
    throw error;
  }
  const terminal = createTerminal({
    write: (text) => process.stdout.write(text),
    colour: config.colour,
    names: ['onefeed', 'market-sim', 'feed-gateway', 'analysis-engine', 'bot-runner', 'api'],
    now: Date.now,
  });
  return { platform: createPlatform({ config, terminal }), release: () => lock.release() };
}

function neededPorts(config: Config): NeededPort[] {
  const { api, sim, simInternal, ...internal } = portsOf(config);
  const simulated = config.flags.live ? [] : [sim, simInternal];
  return [
    { port: api, what: 'web app and API', flag: '--port' },
    ...simulated.map((port) => ({ port, what: 'market simulator', flag: '--internal-port' })),
    ...Object.values(internal).map((port) => ({ port, what: 'health and metrics', flag: '--internal-port' })),
  ];
}
