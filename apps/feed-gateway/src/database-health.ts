import type { Pool } from '@onefeed/db/market';
import type { Clock } from '@onefeed/venues';
import { type Repeated, repeat } from './repeat.ts';

const EVERY_MS = 2_000;

/** Whether Postgres answers; asked every 2 s by leaders and standbys alike. */
export function createDatabaseHealth(pool: Pool, clock: Clock) {
  let reason: string | null = 'database: not asked yet';
  let asking: Repeated | null = null;
  return {
    async start(): Promise<void> {
      asking = repeat(
        clock,
        EVERY_MS,
        async () => {
          await pool.query('select 1');
          reason = null;
        },
        (error) => {
          reason = `database: ${error instanceof Error ? error.message : String(error)}`;
        },
      );
    },
    async stop(): Promise<void> {
      await asking?.stop();
    },
    readiness: (): string[] => (reason === null ? [] : [reason]),
  };
}
export type DatabaseHealth = ReturnType<typeof createDatabaseHealth>;
