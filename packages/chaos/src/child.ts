import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const KEPT_LINES = 200;
/** A process that does not stop when asked is killed, and counts as a failure. */
const STOP_WITHIN_MS = 10_000;
/** As npm start does: V8's young generation would grow with the machine and look like a leak. */
const YOUNG_GENERATION = '--max-semi-space-size=16';

/** A process of the platform, started from its own main.ts. */
export interface Child {
  name: string;
  pid: number;
  internalUrl: string;
  /** Health text, or an error when it does not answer. */
  metrics(): Promise<string>;
  kill(): Promise<void>;
  /** As Ctrl-C does; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Set when it ended although nobody asked it to. */
  crash(): string | null;
  output(): string;
}

export function startChild(
  app: 'feed-gateway' | 'market-sim',
  name: string,
  internalPort: number,
  environment: Readonly<Record<string, string>>,
): Child {
  const main = fileURLToPath(new URL(`../../../apps/${app}/src/main.ts`, import.meta.url));
  const process_ = spawn(process.execPath, [YOUNG_GENERATION, main], {
    env: { PATH: process.env.PATH, INTERNAL_PORT: String(internalPort), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const stream of [process_.stdout, process_.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      lines.push(...chunk.toString().split('\n'));
      lines.splice(0, Math.max(0, lines.length - KEPT_LINES));
    });
  }
  let asked = false;
  let crash: string | null = null;
  const ended = new Promise<number | null>((resolve) => {
    process_.once('exit', (code, signal) => {
      if (!asked) crash = `${name} ended by itself (${signal ?? code}):\n${lines.slice(-20).join('\n')}`;
      resolve(code);
    });
  });
  const internalUrl = `http://127.0.0.1:${internalPort}`;
  return {
    name,
    pid: process_.pid ?? 0,
    internalUrl,
    metrics: async () => (await fetch(`${internalUrl}/metrics`)).text(),
    async kill() {
      asked = true;
      process_.kill('SIGKILL');
      await ended;
    },
    async stop() {
      if (process_.exitCode !== null || process_.signalCode !== null) return process_.exitCode;
      asked = true;
      process_.kill('SIGINT');
      const late = setTimeout(() => {
        crash = `${name} did not stop within ${STOP_WITHIN_MS} ms`;
        process_.kill('SIGKILL');
      }, STOP_WITHIN_MS);
      const code = await ended;
      clearTimeout(late);
      return code;
    },
    crash: () => crash,
    output: () => lines.join('\n'),
  };
}

/** Sum of the samples of a metric whose labels contain `labels`; 0 when there is none. */
export function readMetric(exposition: string, name: string, labels: Record<string, string> = {}): number {
  let sum = 0;
  for (const line of exposition.split('\n')) {
    const match = /^([a-z_0-9]+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match === null || match[1] !== name) continue;
    if (Object.entries(labels).every(([key, value]) => match[2]?.includes(`${key}="${value}"`))) {
      sum += Number(match[3]);
    }
  }
  return sum;
}
