import type { Term } from '@onefeed/service-kit';

/** The life of what runs within one term of leadership. */
export interface TermScope {
  /** Aborted when the term ends, or by `fail`. */
  signal: AbortSignal;
  /** Ends it early: the term cannot go on, e.g. another process writes already. The first failure counts. */
  fail(error: Error): void;
  /** Resolves when the signal has aborted. */
  ended: Promise<void>;
  /** Throws what `fail` was given. */
  rethrow(): void;
}

export function createTermScope(term: Term): TermScope {
  const ending = new AbortController();
  const signal = AbortSignal.any([term.signal, ending.signal]);
  let failure: Error | null = null;
  return {
    signal,
    fail(error) {
      failure ??= error;
      ending.abort();
    },
    ended: new Promise((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    }),
    rethrow() {
      if (failure !== null) throw failure;
    },
  };
}
