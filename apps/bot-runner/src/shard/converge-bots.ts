import type { BotsRepository, RunnableBot, TradesRepository } from '@onefeed/db';
import type { BatchDraft } from './batch.ts';
import { createRunningBot, type RunningBot } from './running-bot.ts';
import type { ShardMemory } from './shard-memory.ts';
import { forget } from './trader.ts';

export interface ConvergeDeps {
  bots: Pick<BotsRepository, 'getMany' | 'runningIds'>;
  trades: Pick<TradesRepository, 'factsOfShard'>;
  /** A bot that trades live was left alone: this program only trades on paper. */
  onLiveBot(botId: string): void;
}

/** Ids of bots whose running here differs from what their owners want. */
export async function changedBotIds(
  memory: ShardMemory,
  deps: Pick<ConvergeDeps, 'bots'>,
): Promise<string[]> {
  const wanted = new Set(await deps.bots.runningIds(memory.shard));
  const changed: string[] = [];
  for (const id of wanted) if (memory.bots.get(id)?.running !== true) changed.push(id);
  for (const bot of memory.bots.values()) if (bot.running && !wanted.has(bot.id)) changed.push(bot.id);
  return changed;
}

/**
 * Makes bots in memory what their rows say. New settings hold for new positions. A stopped bot enters nothing more;
 * while it holds something it stays, its exits armed.
 */
export async function convergeBots(
  memory: ShardMemory,
  draft: BatchDraft,
  ids: readonly string[],
  deps: ConvergeDeps,
): Promise<void> {
  const rows = new Map((await deps.bots.getMany(ids)).map((row) => [row.id, row]));
  const newcomers = [...rows.values()].filter((row) => row.state === 'running' && !memory.bots.has(row.id));
  const facts = await deps.trades.factsOfShard(
    memory.shard,
    newcomers.map((row) => row.id),
  );
  const factsOf = new Map(facts.map((fact) => [fact.botId, fact]));
  for (const id of ids) {
    const row = rows.get(id);
    const bot = memory.bots.get(id);
    // Deleted, with everything it held.
    if (row === undefined || row.shard !== memory.shard) {
      if (bot !== undefined) forget(memory, bot);
    } else if (row.mode !== 'paper') deps.onLiveBot(id);
    else if (bot !== undefined) change(memory, draft, bot, row);
    else if (row.state === 'running') {
      const started = createRunningBot(row, memory.settingsOf(row), factsOf.get(id));
      memory.bots.set(id, started);
      memory.rules.add(started);
      draft.happened(started, { type: 'botStarted' });
    }
  }
}

function change(memory: ShardMemory, draft: BatchDraft, bot: RunningBot, row: RunnableBot): void {
  memory.rules.remove(bot);
  bot.settings = memory.settingsOf(row);
  memory.rules.add(bot);
  const running = row.state === 'running';
  const restarted = running && bot.startedAt !== (row.startedAt ?? 0);
  bot.startedAt = row.startedAt ?? 0;
  if (running === bot.running && !restarted) return;
  bot.running = running;
  draft.happened(bot, { type: running ? 'botStarted' : 'botStopped' });
  if (!running && bot.positions.size === 0) forget(memory, bot);
}
