import { randomBytes } from 'node:crypto';
import type { DestinationStream } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createLogger } from './logger.ts';
import type { Kit } from './service.ts';

export interface KitOptions {
  service: string;
  logLevel: string;
  /** Where log lines go; standard output when absent. */
  destination?: DestinationStream;
}

/** The kit of one process life. Holds node's own metrics (event loop delay, heap, CPU) under `onefeed_`. */
export function createKit({ service, logLevel, destination }: KitOptions): Kit {
  const instance = `${service}-${process.pid}-${randomBytes(4).toString('hex')}`;
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics, prefix: 'onefeed_' });
  return {
    service,
    instance,
    logger: createLogger({ service, instance, level: logLevel, ...(destination ? { destination } : {}) }),
    metrics,
    now: Date.now,
  };
}
