import type { RunnableBot, ShardCursors } from '@onefeed/db';
import type { BotSettings } from '@onefeed/domain';
import type { TokenBook } from '../market/token-book.ts';
import type { PositionIndex } from './position-index.ts';
import type { RuleIndex } from './rule-index.ts';
import type { RunningBot } from './running-bot.ts';

/**
 * Everything a shard's owner knows. Changed in place by one job at a time, before the job's batch is stored; when
 * storing fails it is thrown away and read again (crash-only: there is one way to begin).
 */
export interface ShardMemory {
  readonly shard: number;
  readonly epoch: number;
  /** As of the last job; what is stored may be behind, by jobs that changed nothing else. */
  cursors: Omit<ShardCursors, 'epoch'>;
  /** eventSeq as stored: part of the fence. */
  storedEventSeq: number;
  readonly bots: Map<string, RunningBot>;
  readonly rules: RuleIndex;
  readonly positions: PositionIndex;
  readonly tokens: TokenBook;
  readonly settingsOf: (bot: RunnableBot) => BotSettings;
  /** Positions whose exits remember something that is not stored yet, by id. */
  readonly unstored: Map<string, { bot: RunningBot; instrument: string }>;
  /** True when cursors moved since they were stored. */
  cursorsMoved: boolean;
}
