import type { Pool } from '../pool.ts';

/** What each process last said of itself. Written by the processes' kit, read for /admin. */
export function createServiceStatusRepository(pool: Pool) {
  return {
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
