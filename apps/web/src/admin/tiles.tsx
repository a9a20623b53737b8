import { findNumber } from './stat-list.ts';
import { Tile } from './tile.tsx';
import type { AdminFigures } from './use-admin-figures.ts';

/** The platform's counters. Operators see the totals of the database, others what the services say. */
export function Tiles({ figures }: { figures: AdminFigures }) {
  const { stats, sockets, overview, updatedAt: at } = figures;
  const engine = stats?.engine_stats;
  const feed = stats?.feed_stats;
  const orders = findNumber(engine, /orders/i) ?? findNumber(feed, /orders/i);
  return (
    <>
      <Tile
        label="Signals"
        value={overview?.signals ?? findNumber(engine, /signals/i)}
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
      {orders !== null && (
        <Tile label="Orders" value={orders} at={at} tone="green" rate testId="orders-total" />
      )}
      {overview && (
        <>
          <Tile
            label="Open positions"
            value={overview.openPositions}
            at={at}
            tone="pink"
            caption="armed exits"
          />
          <Tile label="Trades" value={overview.completedTrades} at={at} tone="green" rate />
          <Tile label="Traders" value={overview.users} at={at} tone="cyan" caption="accounts" />
        </>
      )}
    </>
  );
}
