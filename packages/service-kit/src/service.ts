import type { Logger } from 'pino';
import type { Registry } from 'prom-client';

/** Flat figures a process tells of itself; shown on /admin. */
export type Figures = Record<string, number | string | boolean>;

/**
 * One long-running part. `start` resolves when it runs (not: when its upstreams are reachable) and throws
 * only on what a restart cannot mend. `stop` is idempotent and safe before or during start; when it resolves,
 * nothing of the part runs any more.
 */
export interface Service {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Why it cannot do its work now; empty when ready. Shown by /readyz. */
  readiness(): string[];
  figures(): Figures;
}

/** What every process gets from the kit. */
export interface Kit {
  service: string;
  /** Unique per process life: `<service>-<pid>-<random>`. */
  instance: string;
  logger: Logger;
  metrics: Registry;
  now: () => number;
}
