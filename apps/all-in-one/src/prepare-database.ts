import { migrate } from '@onefeed/db';
import { type AdminLogin, chooseAdminLogin } from './admin-login.ts';
import type { Config } from './config.ts';
import { UsageError } from './usage-error.ts';

/**
 * Brings the schema up to date and fills in what was asked for. Answers the login that the api is to create.
 * Throws UsageError when the database cannot be used.
 */
export async function prepareDatabase(
  config: Config,
  databaseUrl: string,
  log: (line: string) => void,
): Promise<AdminLogin | undefined> {
  try {
    await migrate(databaseUrl);
  } catch (error) {
    // The driver's message names neither the password nor the whole address.
    const reason =
      error instanceof Error ? error.message || String((error as NodeJS.ErrnoException).code) : String(error);
    throw new UsageError(`The database cannot be used: ${reason}`, 1);
  }
  const admin = await chooseAdminLogin(config.admin, databaseUrl);
  if (config.flags.demoBots > 0) {
    // Loaded only here: the strategy parser would cost every start a tenth of a second.
    const { addDemoBots } = await import('./demo-bots.ts');
    await addDemoBots({ databaseUrl, count: config.flags.demoBots, log });
  }
  return admin;
}
