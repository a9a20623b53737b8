import { migrate } from './migrate.ts';

/** `node packages/db/src/main.ts`: brings the database of DATABASE_URL to the newest schema, then ends. */
const url = process.env.DATABASE_URL?.trim();
if (!url || !/^postgres(ql)?:\/\//.test(url)) {
  process.stderr.write('migrate: DATABASE_URL is required (postgres://user:password@host:port/database).\n');
  process.exit(2);
}
try {
  await migrate(url);
  process.stdout.write('migrate: the database has the newest schema.\n');
} catch (error) {
  process.stderr.write(`migrate: ${error instanceof Error ? error.message || error.name : String(error)}\n`);
  process.exitCode = 1;
}
