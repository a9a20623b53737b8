import type { Bus } from '@onefeed/bus';
import type { StreamDemandRepository } from '@onefeed/db';
import type { FastifyBaseLogger } from 'fastify';
import type { WatchedStream } from './candle-streams.ts';

/** Leases outlive three missed renewals. */
const LEASE_SECONDS = 60;
const RENEW_MS = 15_000;

/** Tells the gateway, through the table of leases, which candle streams our clients watch. */
export interface StreamDemand {
  start(): void;
  /** The set has changed: renewed at once, and the gateway is woken. */
  changed(): void;
  stop(): Promise<void>;
}

export function createStreamDemand(deps: {
  holder: string;
  demand: Pick<StreamDemandRepository, 'renewDemand'>;
  bus: Pick<Bus, 'publish'>;
  watched: () => WatchedStream[];
  log: Pick<FastifyBaseLogger, 'warn'>;
}): StreamDemand {
  let timer: NodeJS.Timeout | undefined;
  let pending = false;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  const renew = async (streams: WatchedStream[], wake: boolean): Promise<void> => {
    try {
      await deps.demand.renewDemand(deps.holder, streams, LEASE_SECONDS);
      if (wake) deps.bus.publish('control', 'control.api', { type: 'demandChanged' });
    } catch (error) {
      // The next renewal tries again; until then old leases hold.
      deps.log.warn({ err: error }, 'stream demand was not renewed');
    }
  };
  const enqueue = (wake: boolean): void => {
    running = running.then(() => renew(deps.watched(), wake));
  };

  return {
    start: () => {
      timer = setInterval(() => enqueue(false), RENEW_MS);
    },
    changed: () => {
      if (pending || stopped) return;
      pending = true;
      // Six timeframes of one page are one change.
      queueMicrotask(() => {
        pending = false;
        if (!stopped) enqueue(true);
      });
    },
    stop: async () => {
      if (stopped) return;
      stopped = true;
      clearInterval(timer);
      await running;
      await renew([], true);
    },
  };
}
