import type { Clock } from '@onefeed/venues';

export interface Repeated {
  /** Runs the work now, or once more directly after the run that is going on. */
  now(): void;
  /** Resolves when no run goes on and none will follow. */
  stop(): Promise<void>;
}

/**
 * Runs `work` at once and then `everyMs` after each run's end, one run at a time. A failed run goes to
 * `onError` and the next one follows as usual.
 */
export function repeat(
  clock: Clock,
  everyMs: number,
  work: () => Promise<void> | void,
  onError: (error: unknown) => void,
): Repeated {
  let stopped = false;
  let again = false;
  let cancel: (() => void) | null = null;
  let running: Promise<void> | null = null;

  function run(): void {
    cancel?.();
    cancel = null;
    if (stopped) return;
    if (running) {
      again = true;
      return;
    }
    running = once().finally(() => {
      running = null;
      if (stopped) return;
      cancel = clock.after(again ? 0 : everyMs, run);
      again = false;
    });
  }
  async function once(): Promise<void> {
    try {
      await work();
    } catch (error) {
      onError(error);
    }
  }

  run();
  return {
    now: run,
    async stop() {
      stopped = true;
      cancel?.();
      await running;
    },
  };
}
