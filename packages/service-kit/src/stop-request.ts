export interface StopRequestOptions {
  /** Also stop when standard input ends: the parent that holds its other side is gone. */
  parentPipe: boolean;
  /** Called on a second signal: whoever sent it wants no grace. */
  onSecond(): void;
}

/** Resolves with what asked the process to stop: SIGTERM, SIGINT or the end of standard input. */
export function onStopRequest({ parentPipe, onSecond }: StopRequestOptions): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (cause: string) => {
      if (asked) return false;
      asked = true;
      resolve(cause);
      return true;
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (!ask(signal)) onSecond();
      });
    }
    if (parentPipe) {
      process.stdin.on('end', () => ask('parent gone'));
      process.stdin.on('error', () => ask('parent gone'));
      process.stdin.resume();
    }
  });
}
