import { formatCount } from '../format/amount.ts';
import { findNumber } from './stat-list.ts';
import { Tile } from './tile.tsx';
import type { AdminFigures } from './use-admin-figures.ts';

/** The work done once for everyone. */
export function WorkRow({ figures }: { figures: AdminFigures }) {
  const { stats, updatedAt: at } = figures;
  const engine = stats?.engine_stats;
  const nodes = findNumber(engine, /^nodes$/i);
  return (
    <div className="neon-row">
      <Tile
        label="Frames received"
        value={findNumber(stats?.feed_stats, /frames/i)}
        at={at}
        tone="green"
        rate
      />
      <Tile label="Tokens scored" value={findNumber(engine, /scored/i)} at={at} tone="pink" rate />
      <Tile
        label="Distinct rules"
        value={findNumber(engine, /^rules$/i)}
        at={at}
        tone="cyan"
        caption={nodes === null ? '' : `${formatCount(nodes)} shared nodes`}
      />
      <Tile label="Node evaluations" value={findNumber(engine, /evaluations/i)} at={at} tone="green" rate />
    </div>
  );
}

/** What all bots together hold and did; operators only. */
export function MoneyRow({ figures }: { figures: AdminFigures }) {
  const { overview, updatedAt: at } = figures;
  if (!overview) return null;
  const runners = overview.services.filter((service) => service.service === 'bot-runner');
  const orders = runners
    .map((runner) => findNumber(runner.figures, /orders/i))
    .filter((count) => count !== null);
  return (
    <div className="neon-row">
      <Tile label="Open positions" value={overview.openPositions} at={at} tone="pink" caption="exits armed" />
      {orders.length > 0 && (
        <Tile
          label="Orders"
          value={orders.reduce((sum, count) => sum + count, 0)}
          at={at}
          tone="cyan"
          rate
          testId="orders-total"
        />
      )}
      <Tile label="Trades" value={overview.completedTrades} at={at} tone="green" rate />
      <Tile label="Traders" value={overview.users} at={at} tone="cyan" caption="accounts" />
    </div>
  );
}
