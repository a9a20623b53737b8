import type { ServiceStatus } from '@onefeed/contracts';
import pg from 'pg';
import type { Kit, Service } from './service.ts';

export interface StatusReporterOptions {
  databaseUrl: string;
  kit: Kit;
  service: Pick<Service, 'readiness' | 'figures'>;
  /** Milliseconds between two reports. */
  intervalMs?: number;
}

export interface StatusReporter {
  start(): void;
  /** Removes the process's row, so that a process that left is not taken for a silent one. */
  stop(): Promise<void>;
}

const UPSERT = `
  insert into service_status (service, instance, status, updated_at) values ($1, $2, $3, now())
  on conflict (service, instance) do update set status = excluded.status, updated_at = now()`;
/** Rows of processes that died without a word; the newest hour stays for the operator to see. */
const FORGET = `delete from service_status where service = $1 and updated_at < now() - interval '1 hour'`;
const REMOVE = 'delete from service_status where service = $1 and instance = $2';

/** Keeps the process's row in `service_status`. Never throws: an unreachable database is told by /readyz. */
export function createStatusReporter(options: StatusReporterOptions): StatusReporter {
  const { databaseUrl, kit, service, intervalMs = 2_000 } = options;
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 1,
    application_name: `${kit.service} status`,
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
    keepAlive: true,
  });
  pool.on('error', () => {});
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  let stopped = false;
  let reporting = false;
  let written = false;

  async function report(): Promise<void> {
    if (reporting || stopped) return;
    reporting = true;
    try {
      const reasons = service.readiness();
      const status: ServiceStatus = {
        service: kit.service,
        instance: kit.instance,
        at: kit.now(),
        ready: reasons.length === 0,
        reasons,
        figures: service.figures(),
      };
      await pool.query(UPSERT, [kit.service, kit.instance, JSON.stringify(status)]);
      if (!written) await pool.query(FORGET, [kit.service]);
      written = true;
    } catch (error) {
      kit.logger.debug({ err: error }, 'status not reported');
    } finally {
      reporting = false;
    }
  }

  return {
    start() {
      if (timer || stopped) return;
      running = report();
      timer = setInterval(() => {
        running = report();
      }, intervalMs);
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      clearInterval(timer);
      await running;
      try {
        if (written) await pool.query(REMOVE, [kit.service, kit.instance]);
      } catch (error) {
        kit.logger.debug({ err: error }, 'status not removed');
      }
      await pool.end();
    },
  };
}
