import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Flags, parseFlags, wholeNumber } from './flags.ts';
import { UsageError } from './usage-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Config {
  flags: Flags;
  /** The project's folder. */
  root: string;
  /** Everything this start keeps between runs: database, secrets, lock. */
  home: string;
  /** Somebody's own Postgres; undefined: the bundled one. */
  databaseUrl: string | undefined;
  /** The login the operator chose; undefined: one is generated. */
  admin: { email: string; password: string } | undefined;
  colour: boolean;
  environment: Environment;
}

/** Validates flags and environment before anything is started; throws UsageError with one line. */
export function readConfig(
  args: readonly string[],
  environment: Environment = process.env,
  terminal = process.stdout.isTTY === true,
): Config {
  const read = (name: string) => environment[name]?.trim() || undefined;
  const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
  const invokedFrom = read('INIT_CWD') ?? process.cwd();
  const port = read('PORT');
  const flags = parseFlags(args, { port: port === undefined ? 5001 : wholeNumber('PORT', port, 1, 65_535) });
  const { replay } = flags;
  if (replay !== undefined) {
    replay.file = resolve(invokedFrom, replay.file);
    requireReadable(replay.file);
  }
  const databaseUrl = read('DATABASE_URL');
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new UsageError('DATABASE_URL must look like postgres://user:password@host:5432/database.');
  }
  return {
    flags,
    root,
    home: resolve(invokedFrom, read('ONEFEED_HOME') ?? `${root}/.onefeed`),
    databaseUrl,
    admin: readAdmin(read('ADMIN_EMAIL'), read('ADMIN_PASSWORD')),
    colour: read('NO_COLOR') === undefined && (terminal || read('FORCE_COLOR') !== undefined),
    environment,
  };
}

function requireReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch {
    throw new UsageError(`--replay: the file ${file} cannot be read.`);
  }
}

function readAdmin(email: string | undefined, password: string | undefined): Config['admin'] {
  if (email !== undefined && password !== undefined) return { email, password };
  if (email === undefined && password === undefined) return undefined;
  const missing = email === undefined ? 'ADMIN_EMAIL' : 'ADMIN_PASSWORD';
  throw new UsageError(`${missing} is missing: set ADMIN_EMAIL and ADMIN_PASSWORD together, or neither.`);
}
