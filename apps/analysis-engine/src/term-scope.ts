import type { Term } from '@onefeed/service-kit';

/** The life of what runs within one term. */
export interface TermScope {
  /** Aborted when the role is lost or given back, and by `fail`: from then on nothing is taken or stored. */
  signal: AbortSignal;
  /** Ends the term: its state can no longer be trusted. The first failure counts. */
  fail(error: unknown): void;
  /** What is to be stopped at the end; the last one held is the first one stopped. */
  hold(release: () => Promise<void> | void): void;
  /** Resolves when the signal has aborted. */
  ended: Promise<void>;
  /** Stops all that is held, then throws what `fail` was given. */
  close(): Promise<void>;
}

export function createTermScope(term: Term): TermScope {
  const failing = new AbortController();
  const signal = AbortSignal.any([term.signal, failing.signal]);
  const releasers: (() => Promise<void> | void)[] = [];
  let failure: { error: unknown } | null = null;
  return {
    signal,
    fail(error) {
      failure ??= { error };
      failing.abort();
    },
    hold: (release) => void releasers.push(release),
    ended: new Promise((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    }),
    async close() {
      failing.abort();
      for (const release of releasers.reverse()) await release();
      if (failure !== null) throw failure.error;
    },
  };
}
