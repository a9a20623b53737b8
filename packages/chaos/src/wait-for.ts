/** Asks until the answer is a value; an error counts as "not yet" and is told when time is up. */
export async function waitFor<Value>(
  what: string,
  withinMs: number,
  ask: () => Promise<Value | false | null | undefined>,
  everyMs = 100,
): Promise<Value> {
  const deadline = performance.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await ask();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) {
      throw new Error(
        `Waited ${withinMs} ms for ${what}${last === undefined ? '' : `; last error: ${last}`}`,
      );
    }
    await pause(everyMs);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
