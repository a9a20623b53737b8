import { Gauge } from 'prom-client';
import type { Static, TObject } from 'typebox';
import { ConfigError, type ProcessConfig, type ReadConfigRules, readConfig } from './config.ts';
import { createInternalServer } from './internal-server.ts';
import { createKit } from './kit.ts';
import type { Kit, Service } from './service.ts';
import { createStatusReporter, type StatusReporter } from './status-reporter.ts';
import { onStopRequest } from './stop-request.ts';

/** How long a graceful stop may take before the process ends anyway: design.md promises 5 s to the outside. */
const STOP_DEADLINE_MS = 4_500;

export interface ProcessOptions<Schema extends TObject> extends ReadConfigRules {
  /** Name in logs, metrics, `service_status`: `feed-gateway`, `api`, ... */
  service: string;
  /** Schema of the variables the process reads; it contains at least those of `ProcessConfig`. */
  config: Schema;
  /** INTERNAL_PORT when the environment names none. */
  internalPort: number;
  /** Wires the process. Nothing may run before `start`. */
  build(config: Static<Schema>, kit: Kit): Service | Promise<Service>;
  env?: Readonly<Record<string, string | undefined>>;
}

/**
 * The whole life of a process. Wrong configuration: one line on standard error, exit code 2. Then the internal
 * server, then the service; an unreachable database or upstream only shows in /readyz. SIGTERM, SIGINT or (with
 * ONEFEED_PARENT_PIPE=stdin) the end of standard input stop it gracefully; a second signal at once. Exit code 0
 * after a clean stop, 1 after a failure.
 */
export async function runProcess<Schema extends TObject>(options: ProcessOptions<Schema>): Promise<void> {
  const env: Record<string, string | undefined> = { ...(options.env ?? process.env) };
  if (!env.INTERNAL_PORT?.trim()) env.INTERNAL_PORT = String(options.internalPort);
  const config = readConfigOrExit(options, env);
  const common = config as ProcessConfig & { DATABASE_URL?: string };
  const kit = createKit({ service: options.service, logLevel: common.LOG_LEVEL });
  const fail = (message: string) => (error: unknown) => {
    kit.logger.fatal({ err: error }, message);
    process.exit(1);
  };
  process.on('uncaughtException', fail('uncaught exception'));
  process.on('unhandledRejection', fail('unhandled rejection'));

  try {
    await live(options, config, common, kit, env.ONEFEED_PARENT_PIPE === 'stdin');
  } catch (error) {
    fail('the process cannot run')(error);
  }
  process.exit(0);
}

function readConfigOrExit<Schema extends TObject>(
  options: ProcessOptions<Schema>,
  env: Readonly<Record<string, string | undefined>>,
): Static<Schema> {
  try {
    return readConfig(options.config, env, options);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${options.service}: ${error.message}\n`);
    process.exit(2);
  }
}

async function live<Schema extends TObject>(
  options: ProcessOptions<Schema>,
  config: Static<Schema>,
  common: ProcessConfig & { DATABASE_URL?: string },
  kit: Kit,
  parentPipe: boolean,
): Promise<void> {
  const { logger } = kit;
  const stopRequested = onStopRequest({ parentPipe, onSecond: () => process.exit(1) });
  const service = await options.build(config, kit);
  let started = false;
  const readiness = () => (started ? service.readiness() : ['starting', ...service.readiness()]);
  watchReadiness(kit, readiness);
  const server = createInternalServer({
    port: common.INTERNAL_PORT,
    host: common.INTERNAL_HOST,
    kit,
    readiness,
  });
  const internalPort = await server.start();
  const reporter = common.DATABASE_URL ? createReporter(common.DATABASE_URL) : undefined;
  reporter?.start();
  logger.info({ internalPort }, 'starting');

  const starting = service.start().then(() => {
    started = true;
    logger.info('running');
  });
  // A start that cannot succeed ends the process; a stop request during the start ends the wait for it.
  const cause = await Promise.race([stopRequested, starting.then(() => stopRequested)]);

  logger.info({ cause }, 'stopping');
  const deadline = setTimeout(() => {
    logger.fatal({ deadlineMs: STOP_DEADLINE_MS }, 'graceful stop took too long');
    process.exit(1);
  }, STOP_DEADLINE_MS);
  started = false;
  await service.stop();
  await starting.catch((error: unknown) =>
    logger.warn({ err: error }, 'start ended with an error while stopping'),
  );
  await reporter?.stop();
  await server.stop();
  clearTimeout(deadline);
  logger.info('stopped');

  function createReporter(databaseUrl: string): StatusReporter {
    return createStatusReporter({
      databaseUrl,
      kit,
      service: { readiness, figures: () => service.figures() },
    });
  }
}

/** What /readyz says, for alerts. */
function watchReadiness(kit: Kit, readiness: () => string[]): void {
  new Gauge({
    name: 'onefeed_process_ready',
    help: '1 while the process can do its work, as /readyz says',
    registers: [kit.metrics],
    collect() {
      this.set(readiness().length === 0 ? 1 : 0);
    },
  });
}
