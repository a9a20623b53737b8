import type { Bot, Decision, Order, Position, Trade } from '@onefeed/contracts';
import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { botEvents, bots, completedTrades, openPositions, orders } from '../schema/index.ts';
import { botColumns, toBot } from './bot-view.ts';
import { cut, isAfter, type Part, type Slice } from './keyset.ts';

/** Whose rows: a user's, or those of one of the user's bots. */
export interface Owned {
  userId: string;
  botId?: string;
}

export interface BotTotals {
  openPositions: number;
  completedTrades: number;
  /** Sum of completed trades in the quote asset. */
  profit: string;
}

const positionColumns = {
  id: openPositions.id,
  botId: openPositions.botId,
  venue: openPositions.venue,
  instrument: openPositions.instrument,
  quantity: openPositions.quantity,
  originalQuantity: openPositions.originalQuantity,
  entryPrice: openPositions.entryPrice,
  cost: openPositions.cost,
  proceeds: openPositions.proceeds,
  exitPlan: openPositions.exitPlan,
  openedAt: openPositions.openedAtMs,
};

const orderColumns = {
  id: orders.id,
  clientId: orders.clientId,
  botId: orders.botId,
  positionId: orders.positionId,
  cause: orders.cause,
  venue: orders.venue,
  instrument: orders.instrument,
  side: orders.side,
  mode: orders.mode,
  status: orders.status,
  quantity: orders.quantity,
  price: orders.price,
  quoteAmount: orders.quoteAmount,
  fee: orders.fee,
  feeAsset: orders.feeAsset,
  createdAt: orders.createdAtMs,
};

const tradeColumns = {
  id: completedTrades.id,
  botId: completedTrades.botId,
  venue: completedTrades.venue,
  instrument: completedTrades.instrument,
  quantity: completedTrades.quantity,
  entryPrice: completedTrades.entryPrice,
  exitPrice: completedTrades.exitPrice,
  cost: completedTrades.cost,
  proceeds: completedTrades.proceeds,
  profit: completedTrades.profit,
  profitPercent: completedTrades.profitPercent,
  dust: completedTrades.dust,
  exitReason: completedTrades.exitReason,
  openedAt: completedTrades.openedAtMs,
  closedAt: completedTrades.closedAtMs,
};

/** What owners read of their bots. Every query filters by the user (I8); lists are newest first. */
export function createBotQueries(db: Database) {
  return {
    async list(userId: string, slice: Slice): Promise<Part<Bot>> {
      const rows = await db
        .select(botColumns)
        .from(bots)
        .where(and(eq(bots.userId, userId), isAfter(slice.after, bots.createdAt, bots.id)))
        .orderBy(desc(bots.createdAt), desc(bots.id))
        .limit(slice.limit + 1);
      const part = cut(rows, slice.limit, (row) => ({ at: row.place, id: row.id }));
      return { rows: part.rows.map(toBot), next: part.next };
    },

    async get(userId: string, botId: string): Promise<Bot | null> {
      return first(db, and(eq(bots.userId, userId), eq(bots.id, botId)));
    },

    /** The bot started through the older clients' route. */
    async legacy(userId: string): Promise<Bot | null> {
      return first(db, and(eq(bots.userId, userId), eq(bots.legacy, true)));
    },

    async totals({ userId, botId }: Required<Owned>): Promise<BotTotals> {
      const [held, closed] = await Promise.all([
        db.$count(openPositions, and(eq(openPositions.userId, userId), eq(openPositions.botId, botId))),
        db
          .select({
            count: sql<number>`count(*)::int`,
            profit: sql<string>`coalesce(sum(${completedTrades.profit}), 0)::text`,
          })
          .from(completedTrades)
          .where(and(eq(completedTrades.userId, userId), eq(completedTrades.botId, botId))),
      ]);
      return {
        openPositions: held,
        completedTrades: closed[0]?.count ?? 0,
        profit: closed[0]?.profit ?? '0',
      };
    },

    async positions(owned: Owned, slice: Slice): Promise<Part<Position>> {
      const rows = await db
        .select(positionColumns)
        .from(openPositions)
        .where(
          and(
            ownedBy(owned, openPositions.userId, openPositions.botId),
            isAfter(slice.after, openPositions.openedAtMs, openPositions.id),
          ),
        )
        .orderBy(desc(openPositions.openedAtMs), desc(openPositions.id))
        .limit(slice.limit + 1);
      return cut(rows, slice.limit, (row) => ({ at: String(row.openedAt), id: row.id }));
    },

    async orders(owned: Owned, slice: Slice): Promise<Part<Order>> {
      const rows = await db
        .select(orderColumns)
        .from(orders)
        .where(
          and(
            ownedBy(owned, orders.userId, orders.botId),
            isAfter(slice.after, orders.createdAtMs, orders.id),
          ),
        )
        .orderBy(desc(orders.createdAtMs), desc(orders.id))
        .limit(slice.limit + 1);
      return cut(rows, slice.limit, (row) => ({ at: String(row.createdAt), id: row.id }));
    },

    async trades(owned: Owned, slice: Slice): Promise<Part<Trade>> {
      const rows = await db
        .select(tradeColumns)
        .from(completedTrades)
        .where(
          and(
            ownedBy(owned, completedTrades.userId, completedTrades.botId),
            isAfter(slice.after, completedTrades.closedAtMs, completedTrades.id),
          ),
        )
        .orderBy(desc(completedTrades.closedAtMs), desc(completedTrades.id))
        .limit(slice.limit + 1);
      return cut(rows, slice.limit, (row) => ({ at: String(row.closedAt), id: row.id }));
    },

    /** Signals a bot did not act on and why. `after.id` is the event's seq: a bot stays in one shard. */
    async decisions(owned: Required<Owned>, slice: Slice): Promise<Part<Decision>> {
      const rows = await db
        .select({ seq: botEvents.seq, at: botEvents.at, happening: botEvents.happening })
        .from(botEvents)
        .where(
          and(
            ownedBy(owned, botEvents.userId, botEvents.botId),
            sql`${botEvents.happening} ->> 'type' = 'entryRefused'`,
            slice.after ? lt(botEvents.seq, Number(slice.after.id)) : undefined,
          ),
        )
        .orderBy(desc(botEvents.seq))
        .limit(slice.limit + 1);
      const part = cut(rows, slice.limit, (row) => ({ at: String(row.at), id: String(row.seq) }));
      return {
        next: part.next,
        rows: part.rows.flatMap(({ at, happening }) => {
          if (happening.type !== 'entryRefused') return [];
          const { signalId, code, limit, value } = happening;
          return [{ botId: owned.botId, signalId, code, limit, value, at }];
        }),
      };
    },

    /** Distinct rules of a user's bots. */
    async ruleKeys(userId: string): Promise<string[]> {
      const rows = await db
        .selectDistinct({ ruleKey: bots.ruleKey })
        .from(bots)
        .where(eq(bots.userId, userId));
      return rows.map((row) => row.ruleKey);
    },
  };
}
export type BotQueries = ReturnType<typeof createBotQueries>;

async function first(db: Database, where: SQL | undefined): Promise<Bot | null> {
  const [row] = await db.select(botColumns).from(bots).where(where);
  return row ? toBot(row) : null;
}

function ownedBy(
  owned: Owned,
  userId: Parameters<typeof eq>[0],
  botId: Parameters<typeof eq>[0],
): SQL | undefined {
  return and(eq(userId, owned.userId), owned.botId === undefined ? undefined : eq(botId, owned.botId));
}
