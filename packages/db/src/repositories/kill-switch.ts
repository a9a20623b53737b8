import type { KillSwitch } from '@onefeed/contracts';
import { eq } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { platformSettings } from '../schema/index.ts';

const NAME = 'killSwitch';

/** The platform's kill switch; off when it was never set. */
export function createKillSwitchRepository(db: Database) {
  return {
    async get(): Promise<KillSwitch> {
      const [row] = await db.select().from(platformSettings).where(eq(platformSettings.name, NAME));
      const value = row?.value as Partial<KillSwitch> | undefined;
      return { entries: value?.entries === true, everything: value?.everything === true };
    },

    async set(value: KillSwitch): Promise<void> {
      await db
        .insert(platformSettings)
        .values({ name: NAME, value })
        .onConflictDoUpdate({ target: platformSettings.name, set: { value } });
    },
  };
}
export type KillSwitchRepository = ReturnType<typeof createKillSwitchRepository>;
