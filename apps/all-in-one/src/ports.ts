import { createServer } from 'node:net';
import { UsageError } from './usage-error.ts';

/** A port some process is going to listen on, and the flag that moves it. */
export interface NeededPort {
  port: number;
  what: string;
  flag: string;
}

/** Throws UsageError naming the first port that is taken. */
export async function requireFreePorts(needed: readonly NeededPort[]): Promise<void> {
  const wanted = new Map<number, string>();
  for (const { port, what, flag } of needed) {
    const first = wanted.get(port);
    if (first !== undefined) {
      throw new UsageError(
        `Port ${port} is wanted twice (${first}, ${what}): choose other ports with --port or --internal-port.`,
      );
    }
    wanted.set(port, what);
    // A program may hold the port on the loopback address only: then only that address tells.
    const problem = (await tryListen(port)) ?? (await tryListen(port, '127.0.0.1'));
    if (problem === 'EACCES') {
      throw new UsageError(`Port ${port} (${what}) may not be used by you: choose another with ${flag}.`, 1);
    }
    if (problem !== undefined) {
      throw new UsageError(
        `Port ${port} (${what}) is taken by another program: end that one or choose another with ${flag}.`,
        1,
      );
    }
  }
}

function tryListen(port: number, host?: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, ...(host !== undefined && { host }) }, () =>
      server.close(() => resolve(undefined)),
    );
  });
}
