import { randomBytes } from 'node:crypto';
import { createDatabase, createPlatformSetupRepository, createPool } from '@onefeed/db';
import type { Config } from './config.ts';

export interface AdminLogin {
  email: string;
  password: string;
  /** Made here, so nobody knows it yet: to be shown once. */
  generated: boolean;
}

/**
 * The login that the api is to create: the operator's own, or a generated one while the database has no admin.
 * A start that breaks off before the api stored it generates another. Undefined: there is an admin already.
 */
export async function chooseAdminLogin(
  chosen: Config['admin'],
  databaseUrl: string,
): Promise<AdminLogin | undefined> {
  if (chosen !== undefined) return { ...chosen, generated: false };
  const pool = createPool({ url: databaseUrl, maxConnections: 1, applicationName: 'onefeed-start' });
  try {
    if (await createPlatformSetupRepository(createDatabase(pool)).hasAdmin()) return undefined;
  } finally {
    await pool.end();
  }
  return { email: 'admin@onefeed.local', password: randomBytes(15).toString('base64url'), generated: true };
}
