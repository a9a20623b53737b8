/** Something that has work at certain moments of its own time. */
export interface Paced {
  /** Does everything due. */
  run(): void;
  /** Wall milliseconds until there is more to do. */
  wallDelay(): number;
}

/** No wait is longer: new work may have come with a new subscription. */
const MAX_WAIT_MS = 50;

export interface Ticker {
  start(): void;
  stop(): void;
}

/** Runs `paced` whenever it is due. */
export function createTicker(paced: Paced, onError: (error: unknown) => void): Ticker {
  let timer: NodeJS.Timeout | undefined;
  let running = false;

  function arm(): void {
    timer = setTimeout(
      () => {
        try {
          paced.run();
        } catch (error) {
          onError(error);
        }
        if (running) arm();
      },
      Math.max(1, Math.min(MAX_WAIT_MS, Math.ceil(paced.wallDelay()))),
    );
  }

  return {
    start() {
      if (running) return;
      running = true;
      arm();
    },
    stop() {
      running = false;
      clearTimeout(timer);
    },
  };
}
