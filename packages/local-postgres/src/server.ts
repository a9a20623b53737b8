import { type ChildProcess, spawn } from 'node:child_process';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { LocalPostgresError } from './local-postgres-error.ts';
import type { Settings } from './settings.ts';

const READY = 'database system is ready to accept connections';
/** Recovery after a crash may have much to replay. */
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 4_000;
/** Of the server's messages, kept to tell why it ended. */
const MESSAGES_KEPT = 20;

export interface Server {
  pid: number;
  /** Stops within about 4 s, at first gracefully; open connections are cut. Idempotent. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  binaries: Binaries;
  account: Account;
  dataDirectory: string;
  port: number;
  settings: Settings;
  log(line: string): void;
  onUnexpectedExit(reason: string): void;
}

/**
 * Runs the server in its own process group (a Ctrl-C reaches the program that owns it, which stops it last) and
 * resolves when it accepts connections. Rejects with the server's own last words when it ends before that.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const flags = Object.entries(options.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(
    options.binaries.postgres,
    ['-D', options.dataDirectory, '-p', String(options.port), ...flags],
    {
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
      ...options.account.ids,
    },
  );
  const messages: string[] = [];
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    // 'close', not 'exit': the last words have then been read.
    child.once('close', (code, signal) => {
      resolve(lastWords(messages) ?? `it ended with ${signal === null ? `code ${code}` : signal}`);
    });
  });
  let stopping = false;
  const ready = watchMessages(child, (line) => {
    messages.push(line);
    if (messages.length > MESSAGES_KEPT) messages.shift();
    options.log(line);
  });

  const failure = await Promise.race([ready, ended, deadline(READY_WITHIN_MS)]);
  const pid = child.pid;
  if (failure !== undefined || pid === undefined) {
    child.kill('SIGQUIT');
    throw new LocalPostgresError(`Postgres did not start: ${failure ?? 'no process was made'}`);
  }
  void ended.then((reason) => {
    if (!stopping) options.onUnexpectedExit(reason);
  });
  return {
    pid,
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGINT');
      if ((await Promise.race([ended, deadline(STOP_WITHIN_MS)])) === TIMED_OUT) {
        child.kill('SIGQUIT');
        await ended;
      }
    },
  };
}

/** Resolves (undefined) at the ready message; passes every message on, line by line. */
function watchMessages(child: ChildProcess, onLine: (line: string) => void): Promise<undefined> {
  return new Promise((resolve) => {
    let rest = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        onLine(line);
        if (line.includes(READY)) resolve(undefined);
      }
    });
  });
}

function lastWords(messages: readonly string[]): string | undefined {
  const fatal = messages.findLast((line) => /\b(FATAL|PANIC|could not)\b/.test(line));
  const hint = fatal === undefined ? undefined : messages.find((line) => line.startsWith('HINT:'));
  return hint === undefined ? fatal : `${fatal} (${hint})`;
}

const TIMED_OUT = 'it was not ready in time';
function deadline(ms: number): Promise<string> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(TIMED_OUT), ms).unref();
  });
}
