import type { Bot, BotMode, DesiredState, ExitPlan, RiskSettings, Stake, Venue } from '@onefeed/contracts';
import { and, eq, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../database.ts';
import { botCommands, bots, openPositions } from '../schema/index.ts';
import { botColumns, toBot } from './bot-view.ts';
import { lockUser } from './user-lock.ts';

/** A bot as its owner ordered it. `initialCash` in the venue's quote asset. */
export interface NewBot {
  id: string;
  userId: string;
  name: string;
  venue: Venue;
  instruments: string[];
  strategyName: string;
  strategySource: string;
  ruleKey: string;
  mode: BotMode;
  stake: Stake;
  exitPlan: ExitPlan;
  risk: RiskSettings;
  shard: number;
  initialCash: string;
}

/** A bot and the shard whose owner must hear of the change. */
export interface ChangedBot {
  bot: Bot;
  shard: number;
}

export type SetStateOutcome = (ChangedBot & { outcome: 'changed' | 'unchanged' }) | { outcome: 'unknown' };
export type RemoveOutcome =
  | { outcome: 'removed'; shard: number }
  | { outcome: 'unknown' | 'running' | 'positions_open' };
export type StartLegacyOutcome =
  | (ChangedBot & { outcome: 'started' })
  | { outcome: 'running' | 'limit_reached'; botId: string | null };

/** What owners change of their bots. Every call touches the given user's rows only (I8). */
export function createBotSettingsRepository(db: Database) {
  return {
    /** Null when the user has `limit` bots already. The bot is stopped at first. */
    async add(bot: NewBot, limit: number): Promise<ChangedBot | null> {
      return db.transaction(async (tx) => {
        await lockUser(tx, bot.userId);
        if ((await tx.$count(bots, eq(bots.userId, bot.userId))) >= limit) return null;
        return insertBot(tx, bot, { state: 'stopped', startedAt: null, legacy: false });
      });
    },

    /** `unchanged` when it is in that state already. `at`: ms, the start time of a bot that starts. */
    async setState(userId: string, botId: string, state: DesiredState, at: number): Promise<SetStateOutcome> {
      const mine = and(eq(bots.userId, userId), eq(bots.id, botId));
      const [changed] = await db
        .update(bots)
        .set(state === 'running' ? { state, startedAt: at } : { state })
        .where(and(mine, sql`${bots.state} <> ${state}`))
        .returning(botColumns);
      if (changed) return { outcome: 'changed', bot: toBot(changed), shard: changed.shard };
      const [same] = await db.select(botColumns).from(bots).where(mine);
      return same ? { outcome: 'unchanged', bot: toBot(same), shard: same.shard } : { outcome: 'unknown' };
    },

    /** Deletes a stopped bot that holds nothing, with its orders and trades. */
    async remove(userId: string, botId: string): Promise<RemoveOutcome> {
      return db.transaction(async (tx) => {
        const [bot] = await tx
          .select({ state: bots.state, shard: bots.shard })
          .from(bots)
          .where(and(eq(bots.userId, userId), eq(bots.id, botId)))
          .for('update');
        if (!bot) return { outcome: 'unknown' };
        if (bot.state === 'running') return { outcome: 'running' };
        if ((await tx.$count(openPositions, eq(openPositions.botId, botId))) > 0)
          return { outcome: 'positions_open' };
        await tx.delete(bots).where(eq(bots.id, botId));
        return { outcome: 'removed', shard: bot.shard };
      });
    },

    /**
     * Orders the runner to close what the bot holds; an order that still waits is not doubled. Null when the
     * user has no such bot; otherwise its shard.
     */
    async orderClosePositions(command: {
      id: string;
      userId: string;
      botId: string;
    }): Promise<number | null> {
      return db.transaction(async (tx) => {
        const [bot] = await tx
          .select({ shard: bots.shard })
          .from(bots)
          .where(and(eq(bots.userId, command.userId), eq(bots.id, command.botId)))
          .for('update');
        if (!bot) return null;
        const waiting = await tx.$count(botCommands, eq(botCommands.botId, command.botId));
        if (waiting === 0) {
          await tx.insert(botCommands).values({ ...command, shard: bot.shard, command: 'closePositions' });
        }
        return bot.shard;
      });
    },

    /**
     * Starts the one bot that older clients know: the last one again when its settings are the same, else a
     * new one; the last one then becomes an ordinary bot of the user. `at`: ms.
     */
    async startLegacy(bot: NewBot, limit: number, at: number): Promise<StartLegacyOutcome> {
      return db.transaction(async (tx) => {
        await lockUser(tx, bot.userId);
        const [last] = await tx
          .select(botColumns)
          .from(bots)
          .where(and(eq(bots.userId, bot.userId), eq(bots.legacy, true)))
          .for('update');
        if (last?.state === 'running') return { outcome: 'running', botId: last.id };
        if (last && sameSettings(toBot(last), bot)) {
          const [started] = await tx
            .update(bots)
            .set({ state: 'running', startedAt: at })
            .where(eq(bots.id, last.id))
            .returning(botColumns);
          if (started) return { outcome: 'started', bot: toBot(started), shard: started.shard };
        }
        if ((await tx.$count(bots, eq(bots.userId, bot.userId))) >= limit) {
          return { outcome: 'limit_reached', botId: null };
        }
        if (last) await tx.update(bots).set({ legacy: false }).where(eq(bots.id, last.id));
        const started = await insertBot(tx, bot, { state: 'running', startedAt: at, legacy: true });
        return { outcome: 'started', ...started };
      });
    },
  };
}
export type BotSettingsRepository = ReturnType<typeof createBotSettingsRepository>;

async function insertBot(
  tx: Transaction,
  bot: NewBot,
  life: { state: DesiredState; startedAt: number | null; legacy: boolean },
): Promise<ChangedBot> {
  const [added] = await tx
    .insert(bots)
    .values({ ...bot, ...life, cash: bot.initialCash })
    .returning(botColumns);
  if (!added) throw new Error('The insert of a bot returned no row.');
  return { bot: toBot(added), shard: added.shard };
}

/** JSON columns come back with their keys in another order, so they are compared key by key. */
function sameSettings(last: Bot, next: NewBot): boolean {
  const of = ({ venue, instruments, ruleKey, mode, stake, exitPlan, risk }: Bot | NewBot) =>
    canonical({ venue, instruments, ruleKey, mode, stake, exitPlan, risk });
  return of(last) === of(next);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
