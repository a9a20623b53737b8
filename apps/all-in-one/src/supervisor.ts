import { createBackoff } from '@onefeed/service-kit';

/** A running process, seen from its supervisor. */
export interface RunningProcess {
  pid: number | undefined;
  /** Resolves once, with the reason in words, when it has ended (also when it could not be started). */
  ended: Promise<string>;
  /** Asks it to stop. */
  terminate(): void;
  /** Ends it and its descendants at once. */
  kill(): void;
}

export interface SupervisedProcess {
  name: string;
  start(): RunningProcess;
}

/** Timers as the supervisor needs them, so that tests decide when time passes. */
export interface Clock {
  now(): number;
  setTimeout(callback: () => void, ms: number): number;
  clear(id: number): void;
}

export interface SupervisorOptions {
  processes: readonly SupervisedProcess[];
  clock: Clock;
  random: () => number;
  log(name: string, line: string): void;
}

export interface Supervisor {
  start(): void;
  /** Ends all: politely first, by force after STOP_GRACE_MS. Idempotent; when it resolves none runs any more. */
  stop(): Promise<void>;
  /** Process numbers of those that run now. */
  running(): { name: string; pid: number | undefined }[];
}

/** The first restart comes at once (a crash should cost milliseconds); a process that keeps failing is slowed down. */
const RESTART_MIN_MS = 100;
const RESTART_MAX_MS = 30_000;
/** Running this long counts as healthy: the next failure is a first one again. */
const HEALTHY_AFTER_MS = 20_000;
/** Together with the database's stop this stays below 5 s. */
export const STOP_GRACE_MS = 4_000;

/** Keeps processes running: whatever ends without being asked to is started again, for ever. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const keepers = options.processes.map((supervised) => createKeeper(supervised, options));
  let stopped: Promise<void> | undefined;
  return {
    start() {
      if (stopped === undefined) for (const keeper of keepers) keeper.start();
    },
    stop() {
      stopped ??= Promise.all(keepers.map((keeper) => keeper.stop())).then(() => undefined);
      return stopped;
    },
    running: () =>
      keepers.flatMap(({ name, current }) => {
        const running = current();
        return running === undefined ? [] : [{ name, pid: running.pid }];
      }),
  };
}

function createKeeper({ name, start: startProcess }: SupervisedProcess, options: SupervisorOptions) {
  const { clock, log } = options;
  const backoff = createBackoff({ minMs: RESTART_MIN_MS, maxMs: RESTART_MAX_MS, random: options.random });
  let current: RunningProcess | undefined;
  let restart: number | undefined;
  let stopping = false;

  function start(): void {
    const startedAt = clock.now();
    const running = startProcess();
    current = running;
    void running.ended.then((reason) => {
      current = undefined;
      if (stopping) return;
      if (clock.now() - startedAt >= HEALTHY_AFTER_MS) backoff.reset();
      const delayMs = backoff.nextMs();
      log(name, `${reason}; restarting in ${delayMs} ms`);
      restart = clock.setTimeout(start, delayMs);
    });
  }

  async function stop(): Promise<void> {
    stopping = true;
    if (restart !== undefined) clock.clear(restart);
    const running = current;
    if (running === undefined) return;
    running.terminate();
    const force = clock.setTimeout(() => {
      log(name, 'did not stop in time: killed');
      running.kill();
    }, STOP_GRACE_MS);
    await running.ended;
    clock.clear(force);
  }

  return { name, start, stop, current: () => current };
}
