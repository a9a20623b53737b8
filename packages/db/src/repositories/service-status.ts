import type { ServiceStatus } from '@onefeed/contracts';
import type { Pool } from '../pool.ts';

/** What each process last said of itself. Written by the processes' kit. */
export function createServiceStatusRepository(pool: Pool) {
  return {
    /**
     * Statuses told within the last `maxAgeSeconds` by the database's clock, by service and instance. A
     * process that went silent is absent.
     */
    async listStatuses(maxAgeSeconds = 10): Promise<ServiceStatus[]> {
      const result = await pool.query<{ status: ServiceStatus }>(
        `select status from service_status where updated_at > now() - make_interval(secs => $1)
         order by service, instance`,
        [maxAgeSeconds],
      );
      return result.rows.map((row) => row.status);
    },

    /** Deletes the rows of processes silent for longer than `maxAgeSeconds`; returns how many. */
    async pruneSilent(maxAgeSeconds: number): Promise<number> {
      const result = await pool.query(
        'delete from service_status where updated_at < now() - make_interval(secs => $1)',
        [maxAgeSeconds],
      );
      return result.rowCount ?? 0;
    },
  };
}
export type ServiceStatusRepository = ReturnType<typeof createServiceStatusRepository>;
