import type { Logger } from 'pino';

const EVERY_MS = 30_000;
const MAX_KINDS = 100;

/** Warns at most once in 30 s for each kind and says how many it kept back. Kinds are few; past 100 they share one. */
export function createSparseLog(logger: Logger, now: () => number) {
  const kinds = new Map<string, { nextAt: number; keptBack: number }>();
  return {
    warn(kind: string, details: object, message: string): void {
      const key = kinds.has(kind) || kinds.size < MAX_KINDS ? kind : 'other';
      const state = kinds.get(key) ?? { nextAt: 0, keptBack: 0 };
      kinds.set(key, state);
      if (now() < state.nextAt) {
        state.keptBack += 1;
        return;
      }
      logger.warn({ ...details, keptBack: state.keptBack }, message);
      state.nextAt = now() + EVERY_MS;
      state.keptBack = 0;
    },
  };
}
export type SparseLog = ReturnType<typeof createSparseLog>;
