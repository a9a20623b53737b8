import { setTimeout as delay } from 'node:timers/promises';
import { startChild } from './child-process.ts';
import type { Config } from './config.ts';
import { type PlatformDatabase, reachDatabase, startBundledDatabase } from './database.ts';
import { type MarketTime, openMarketTime } from './market-time.ts';
import { addressOpens, openingText, reachableHost } from './opening.ts';
import { loadSecrets } from './secrets.ts';
import { databaseNameOf, planServices, planSimulator, portsOf, type ServicePlan } from './services.ts';
import { createSupervisor, STOP_GRACE_MS, type Supervisor } from './supervisor.ts';
import type { Terminal } from './terminal.ts';

/** Everything that `npm start` runs. */
export interface Platform {
  /** Resolves when the web app can be opened. */
  start(): Promise<void>;
  /** Idempotent; also during start. When it resolves, within 5 s, no process of the platform runs any more. */
  stop(): Promise<void>;
}

/** Database, then (at once) all services; they find each other by themselves. */
export function createPlatform({ config, terminal }: { config: Config; terminal: Terminal }): Platform {
  const stopping = new AbortController();
  const supervisors: Supervisor[] = [];
  let database: PlatformDatabase | undefined;
  let marketTime: MarketTime | undefined;
  let starting: Promise<void> | undefined;
  let stopped: Promise<void> | undefined;
  const log = (line: string) => terminal.log('onefeed', line);

  async function start(): Promise<void> {
    const startedAt = performance.now();
    const { live, replay, seed, speed } = config.flags;
    const secrets = loadSecrets(config.home);
    if (!live) {
      if (!replay) marketTime = openMarketTime({ home: config.home, seed, speed, now: Date.now });
      // It needs no database and is the first that the others need: its start overlaps with the database's.
      supervise([planSimulator(config, marketTime)]);
    }
    // The largest part of the program: read while the database starts.
    const preparation = import('./prepare-database.ts');
    database = await openDatabase();
    const { prepareDatabase } = await preparation;
    const admin = await prepareDatabase(config, database.url, log);
    if (stopping.signal.aborted) return;
    supervise(planServices(config, { databaseUrl: database.url, secrets, admin }));
    const address = { host: reachableHost(config.environment), port: portsOf(config).api };
    if (await addressOpens(address, stopping.signal)) {
      terminal.say(openingText(config, admin, performance.now() - startedAt));
    }
  }

  function openDatabase(): Promise<PlatformDatabase> {
    if (config.databaseUrl !== undefined) return reachDatabase(config.databaseUrl);
    return startBundledDatabase({
      home: config.home,
      name: databaseNameOf(config),
      fresh: config.flags.replay !== undefined,
      log,
      random: Math.random,
    });
  }

  function supervise(plans: readonly ServicePlan[]): void {
    const supervisor = createSupervisor({
      clock: systemClock,
      random: Math.random,
      log: (name, line) => log(`${name} ${line}`),
      processes: plans.map(({ name, env }) => ({
        name,
        start: () =>
          startChild({
            entry: `${config.root}/apps/${name}/src/main.ts`,
            folder: config.root,
            env,
            onLine: (line) => terminal.log(name, line),
          }),
      })),
    });
    supervisors.push(supervisor);
    supervisor.start();
  }

  async function stop(): Promise<void> {
    stopping.abort();
    const stopAll = () => Promise.all(supervisors.map((supervisor) => supervisor.stop()));
    await stopAll();
    // A start that still waits (for a database that does not answer) is not waited for without end.
    await Promise.race([starting?.catch(() => {}), delay(STOP_GRACE_MS)]);
    await stopAll();
    marketTime?.stop();
    await database?.stop();
  }

  return {
    start() {
      starting ??= start();
      return starting;
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

const timers = new Map<number, NodeJS.Timeout>();
let lastTimer = 0;
const systemClock = {
  now: () => performance.now(),
  setTimeout(callback: () => void, ms: number) {
    const id = ++lastTimer;
    timers.set(
      id,
      setTimeout(() => {
        timers.delete(id);
        callback();
      }, ms),
    );
    return id;
  },
  clear(id: number) {
    clearTimeout(timers.get(id));
    timers.delete(id);
  },
};
