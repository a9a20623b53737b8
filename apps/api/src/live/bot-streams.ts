import type { Bot, BotEvent, BotsData } from '@onefeed/contracts';
import type { BotQueries } from '@onefeed/db';
import type { Hub } from './hub.ts';
import type { LiveStream } from './live-stream.ts';

const SNAPSHOT_ROWS = 200;

/** Each user's own bots: one stream per connected user. */
export interface BotStreams {
  open(userId: string): LiveStream | null;
  applyEvents(events: readonly BotEvent[]): void;
  changed(userId: string, bot: Bot): void;
  deleted(userId: string, botId: string): void;
}

export function createBotStreams(deps: {
  hub: Hub;
  bots: Pick<BotQueries, 'list' | 'positions'>;
}): BotStreams {
  const keyOf = (userId: string): string => `bots:${userId}`;
  const publish = (userId: string, data: BotsData): void => deps.hub.find(keyOf(userId))?.publish(data);

  return {
    open: (userId) =>
      deps.hub.open({
        key: keyOf(userId),
        channel: 'bots',
        kind: 'event',
        readSnapshot: async () => {
          const slice = { limit: SNAPSHOT_ROWS, after: null };
          const [bots, positions] = await Promise.all([
            deps.bots.list(userId, slice),
            deps.bots.positions({ userId }, slice),
          ]);
          return { bots: bots.rows, positions: positions.rows };
        },
      }),
    applyEvents: (events) => {
      const byUser = new Map<string, BotEvent[]>();
      for (const event of events) {
        const known = byUser.get(event.userId);
        if (known) known.push(event);
        else byUser.set(event.userId, [event]);
      }
      for (const [userId, ofUser] of byUser) publish(userId, { events: ofUser });
    },
    changed: (userId, bot) => publish(userId, { changed: bot }),
    deleted: (userId, botId) => publish(userId, { deleted: botId }),
  };
}
