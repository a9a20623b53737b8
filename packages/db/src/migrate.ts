import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';

const MIGRATIONS_FOLDER = fileURLToPath(new URL('../migrations', import.meta.url));
const MIGRATION_LOCK = 7_291_000_001;

/**
 * Brings the database to the newest schema. Safe to call from several processes at once: one migrates, the
 * others wait. Throws when the journal and the database disagree afterwards (drizzle skips, without a word,
 * a migration dated before the newest applied one).
 */
export async function migrate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'onefeed-migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await applyMigrations(drizzle({ client }), { migrationsFolder: MIGRATIONS_FOLDER });
    const applied = await client.query('select count(*)::int as count from drizzle.__drizzle_migrations');
    const journal = JSON.parse(readFileSync(`${MIGRATIONS_FOLDER}/meta/_journal.json`, 'utf8')) as {
      entries: unknown[];
    };
    if (applied.rows[0].count !== journal.entries.length) {
      throw new Error(
        `The database has ${applied.rows[0].count} migrations applied but the program knows ${journal.entries.length}: ` +
          'a newer program used this database, or a migration was skipped. Use the newest program.',
      );
    }
  } finally {
    await client.end();
  }
}
