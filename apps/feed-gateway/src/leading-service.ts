import type { Venue } from '@onefeed/contracts';
import { createLeadership, type Kit, type Service } from '@onefeed/service-kit';
import type { FeedMetrics } from './metrics.ts';
import type { VenueFeed } from './venue-feed.ts';

/** A process that does not lead this long after its start is a standby. */
const STANDBY_AFTER_MS = 3_000;

export interface LeadingServiceDeps {
  venue: Venue;
  databaseUrl: string;
  kit: Kit;
  feed: VenueFeed;
  metrics: FeedMetrics;
}

/** A venue's feed that runs in the one process that leads it; the others stand by, ready (I1). */
export function createLeadingService(deps: LeadingServiceDeps): Service {
  const { venue, kit, feed, metrics } = deps;
  let startedAt = 0;
  const leadership = createLeadership({
    databaseUrl: deps.databaseUrl,
    role: `feed:${venue}`,
    holder: kit.instance,
    async lead(term) {
      kit.logger.info({ venue, epoch: term.epoch }, 'leading the feed');
      metrics.leader.set({ venue }, 1);
      try {
        await feed.lead(term);
      } finally {
        metrics.leader.set({ venue }, 0);
        kit.logger.info({ venue, epoch: term.epoch }, 'no longer leading the feed');
      }
    },
    onError(error) {
      kit.logger.warn({ venue, err: error }, 'leadership');
    },
  });
  metrics.leader.set({ venue }, 0);
  return {
    async start() {
      startedAt = kit.now();
      await leadership.start();
    },
    stop: () => leadership.stop(),
    readiness() {
      if (leadership.isLeader()) return feed.readiness();
      if (kit.now() - startedAt < STANDBY_AFTER_MS) return [`${venue}: waiting to lead or stand by`];
      // A standby is ready as long as it could take over.
      return [];
    },
    figures: () => ({ ...feed.figures(), [`${venue}Leader`]: leadership.isLeader() }),
  };
}
