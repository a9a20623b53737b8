import type { Bus } from '@onefeed/bus';
import type { DemandedStream, StreamDemandRepository } from '@onefeed/db/market';

/** Long enough to survive a takeover, so that streams do not close and open again. */
const TTL_SECONDS = 60;
export const RENEW_EVERY_MS = 15_000;

export interface StreamLeases {
  /** Keeps what is demanded from expiring. */
  renew(): Promise<void>;
  /** The same when the wishes have changed: the gateway is told to look at once. */
  change(): Promise<void>;
}

/** The candle streams that the rules need, demanded from the gateway. */
export function createStreamLeases(deps: {
  bus: Bus;
  demand: Pick<StreamDemandRepository, 'renewDemand'>;
  holder: string;
  wanted(): DemandedStream[];
}): StreamLeases {
  const renew = () => deps.demand.renewDemand(deps.holder, deps.wanted(), TTL_SECONDS);
  return {
    renew,
    async change() {
      await renew();
      deps.bus.publish('control', 'control.analysis-engine', { type: 'demandChanged' });
    },
  };
}
