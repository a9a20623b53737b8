import { findNumber } from './stat-list.ts';
import { Tile } from './tile.tsx';
import type { AdminFigures } from './use-admin-figures.ts';

/** What anybody may see of the platform: signals, and how much is shared. */
export function Tiles({ figures }: { figures: AdminFigures }) {
  const { stats, sockets, updatedAt: at } = figures;
  return (
    <>
      <Tile
        label="Signals"
        value={findNumber(stats?.engine_stats, /signals/i)}
        at={at}
        tone="cyan"
        rate
        testId="signals-total"
      />
      <Tile
        label="Upstream sockets"
        value={sockets?.upstreamConnections ?? null}
        at={at}
        tone="green"
        caption="shared by everyone"
        testId="upstream-connections"
      />
      <Tile
        label="Sessions"
        value={sockets?.activeSessions ?? null}
        at={at}
        tone="pink"
        caption={sockets && `${sockets.totalSubscriptions} subscriptions`}
        testId="active-sessions"
      />
      <Tile
        label="Shared streams"
        value={sockets?.sharedWebSockets ?? null}
        at={at}
        tone="cyan"
        caption={sockets?.efficiency}
        testId="shared-streams"
      />
    </>
  );
}
