import type { AdminOverview, ServiceView } from '@onefeed/contracts';
import type { KillSwitchRepository, OperationsQueries } from '@onefeed/db';

/** What operators and the public figures are made of; read at most once a second however many ask. */
export interface Overview {
  read(): Promise<AdminOverview>;
  services(): Promise<readonly ServiceView[]>;
  activeBots(): Promise<number>;
}

const FRESH_MS = 1_000;

export function createOverview(deps: {
  operations: OperationsQueries;
  killSwitch: KillSwitchRepository;
  maxCapacity: number;
  live: () => { sockets: number; subscriptions: number };
  now: () => number;
}): Overview {
  const fresh = <Value>(read: () => Promise<Value>): (() => Promise<Value>) => {
    let value: Promise<Value> | null = null;
    let readAt = Number.NEGATIVE_INFINITY;
    return () => {
      if (value && deps.now() - readAt < FRESH_MS) return value;
      readAt = deps.now();
      const reading = read();
      value = reading;
      reading.catch(() => {
        if (value === reading) value = null;
      });
      return reading;
    };
  };

  const services = fresh(() => deps.operations.services());
  const totals = fresh(() => deps.operations.totals());
  const activeBots = fresh(() => deps.operations.activeBots());

  return {
    services,
    activeBots,
    read: async () => {
      const [counted, killSwitch, listed] = await Promise.all([totals(), deps.killSwitch.get(), services()]);
      return {
        at: deps.now(),
        maxCapacity: deps.maxCapacity,
        ...counted,
        ...deps.live(),
        killSwitch,
        services: [...listed],
      };
    },
  };
}
