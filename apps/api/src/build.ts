import { randomUUID } from 'node:crypto';
import { createPostgresBus } from '@onefeed/bus';
import { createPool } from '@onefeed/db';
import { createBackoff, type Kit, type Service } from '@onefeed/service-kit';
import { ensureFirstAdmin } from './accounts/first-admin.ts';
import { buildApp } from './app.ts';
import type { ApiConfig } from './config.ts';
import { serializeError } from './http/log-errors.ts';
import { pause } from './pause.ts';
import { createRepositories } from './repositories.ts';

/** Between two deletions of what is past its time. */
const PRUNE_MS = 3_600_000;
const AUDIT_DAYS = 180;
const AUDIT_PRUNED_AT_ONCE = 10_000;
const SILENT_PROCESS_SECONDS = 7 * 86_400;

/** Wires the api. It listens at once; without a database it answers DEGRADED until there is one. */
export async function buildApi(config: ApiConfig, kit: Kit): Promise<Service> {
  const logger = kit.logger.child({}, { serializers: { err: serializeError } });
  const pool = createPool({ url: config.DATABASE_URL, maxConnections: 10, applicationName: kit.instance });
  const repositories = createRepositories(pool);
  const bus = createPostgresBus({
    databaseUrl: config.DATABASE_URL,
    instance: kit.instance,
    channels: ['market', 'signals', 'bots'],
    log: logger,
    metrics: kit.metrics,
    now: kit.now,
  });
  const app = await buildApp({
    settings: config,
    repositories,
    bus,
    instance: kit.instance,
    logger,
    metrics: kit.metrics,
    now: kit.now,
    newId: randomUUID,
    random: Math.random,
  });

  const stopping = new AbortController();
  let administrator: Promise<void> = Promise.resolve();
  let administratorMissing = config.ADMIN_EMAIL !== undefined;
  let stopped: Promise<void> | undefined;
  let pruning: NodeJS.Timeout | undefined;

  const keepTrying = async (work: () => Promise<void>, what: string): Promise<void> => {
    const backoff = createBackoff({ minMs: 500, maxMs: 10_000, random: Math.random });
    while (!stopping.signal.aborted) {
      try {
        return await work();
      } catch (error) {
        logger.warn({ err: error }, `${what} failed; trying again`);
        await pause(backoff.nextMs(), stopping.signal);
      }
    }
  };
  const ensureAdministrator = async (): Promise<void> => {
    const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = config;
    if (email === undefined || password === undefined) return;
    const { passwords, audit } = app;
    await ensureFirstAdmin(
      { users: repositories.users, passwords, audit, newId: randomUUID },
      { email, password },
    );
    administratorMissing = false;
  };
  const prune = (): void => {
    const old = [
      repositories.refreshTokens.pruneExpired(),
      repositories.audit.prune(AUDIT_DAYS, AUDIT_PRUNED_AT_ONCE),
      repositories.serviceStatus.pruneSilent(SILENT_PROCESS_SECONDS),
    ];
    for (const deletion of old) {
      deletion.catch((error: unknown) => logger.warn({ err: error }, 'old rows were not deleted'));
    }
  };
  const stop = async (): Promise<void> => {
    stopping.abort();
    clearInterval(pruning);
    await app.live.stop();
    await app.http.close();
    await administrator;
    await bus.stop();
    await pool.end();
  };

  return {
    start: async () => {
      app.live.start();
      bus.start().catch((error: unknown) => logger.error({ err: error }, 'the bus could not start'));
      pruning = setInterval(prune, PRUNE_MS);
      administrator = keepTrying(ensureAdministrator, 'making the administrator');
      const address = await app.http.listen({ port: config.PORT, host: config.HOST });
      logger.info({ address }, 'the api listens');
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
    readiness: () => {
      const health = bus.health();
      return [
        ...(health.connected ? [] : [health.reason ?? 'the bus is not connected']),
        ...(app.live.feeds.problem() === null ? [] : [app.live.feeds.problem() ?? '']),
        ...(administratorMissing ? ['the administrator is not made yet'] : []),
      ];
    },
    figures: () => ({
      sockets: app.live.sessions.all().size,
      subscriptions: app.live.subscriptions(),
      candleStreams: app.live.candleStreams.watched().length,
    }),
  };
}
