/** Runs `work` at once and `everyMs` after each run's end, and soon after `request`; never twice at a time. */
export interface Repeat {
  request(): void;
  /** Resolves when a running work has ended; none begins after it. */
  stop(): Promise<void>;
}

/** Requests that come in a burst are answered by one run. */
const GATHER_MS = 50;

export function createRepeat(everyMs: number, work: () => Promise<void>): Repeat {
  let stopped = false;
  let requested = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  function schedule(delayMs: number): void {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(run, delayMs);
  }

  function run(): void {
    requested = false;
    running = work().finally(() => {
      running = undefined;
      schedule(requested ? GATHER_MS : everyMs);
    });
  }

  run();
  return {
    request() {
      if (requested) return;
      requested = true;
      if (running === undefined) schedule(GATHER_MS);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
