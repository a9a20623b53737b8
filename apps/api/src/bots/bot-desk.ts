import type { Bus } from '@onefeed/bus';
import type { Bot, CreateBot } from '@onefeed/contracts';
import type { BotSettingsRepository, NewBot } from '@onefeed/db';
import type { Audit } from '../accounts/audit.ts';
import { ApiFailure } from '../http/api-failure.ts';
import type { BotStreams } from '../live/bot-streams.ts';
import type { BotDrafts } from './bot-draft.ts';

/** Bots a user may have. */
export const MAX_BOTS = 50;

/** When to ask again for a start that a full platform refused. */
const FULL_RETRY_SECONDS = 60;

const REMOVE_REFUSALS = {
  unknown: 'NOT_FOUND',
  running: 'BOT_RUNNING',
  positions_open: 'POSITIONS_OPEN',
} as const;

/** What owners do to their bots. Each change is stored, then told to the runner, the engine and the owner's sockets. */
export interface BotDesk {
  create(userId: string, request: CreateBot): Promise<Bot>;
  start(userId: string, botId: string): Promise<Bot>;
  stop(userId: string, botId: string): Promise<Bot>;
  remove(userId: string, botId: string): Promise<void>;
  closePositions(userId: string, botId: string): Promise<void>;
  startLegacy(draft: NewBot): Promise<Bot>;
}

export function createBotDesk(deps: {
  drafts: BotDrafts;
  settings: BotSettingsRepository;
  bus: Pick<Bus, 'publish'>;
  audit: Audit;
  streams: BotStreams;
  /** The user may see other signals than before. */
  audienceChanged: (userId: string) => void;
  /** Running bots of all users, counted at most once a second. */
  activeBots: () => Promise<number>;
  maxCapacity: number;
  now: () => number;
  newId: () => string;
}): BotDesk {
  const tell = (botId: string, shard: number): void =>
    deps.bus.publish('control', 'control.api', { type: 'botChanged', botId, shard });

  /** Past capacity it refuses and stays up (I12). Starts within one second may pass together. */
  const refuseWhenFull = async (): Promise<void> => {
    if ((await deps.activeBots()) < deps.maxCapacity) return;
    throw new ApiFailure('OVERLOADED', { retryAfterSeconds: FULL_RETRY_SECONDS });
  };

  const setState = async (userId: string, botId: string, state: 'running' | 'stopped'): Promise<Bot> => {
    const changed = await deps.settings.setState(userId, botId, state, deps.now());
    if (changed.outcome === 'unknown') throw new ApiFailure('NOT_FOUND');
    if (changed.outcome === 'unchanged') {
      throw new ApiFailure(state === 'running' ? 'BOT_RUNNING' : 'BOT_NOT_RUNNING', { details: { botId } });
    }
    tell(botId, changed.shard);
    deps.streams.changed(userId, changed.bot);
    await deps.audit.record({
      userId,
      action: state === 'running' ? 'bot.started' : 'bot.stopped',
      subject: botId,
    });
    return changed.bot;
  };

  return {
    create: async (userId, request) => {
      const draft = await deps.drafts.draft(userId, request);
      const added = await deps.settings.add(draft, MAX_BOTS);
      if (!added) throw new ApiFailure('LIMIT_REACHED', { details: { limit: MAX_BOTS } });
      tell(draft.id, added.shard);
      deps.streams.changed(userId, added.bot);
      deps.audienceChanged(userId);
      await deps.audit.record({ userId, action: 'bot.created', subject: draft.id });
      return added.bot;
    },
    start: async (userId, botId) => {
      await refuseWhenFull();
      return setState(userId, botId, 'running');
    },
    stop: (userId, botId) => setState(userId, botId, 'stopped'),
    remove: async (userId, botId) => {
      const removed = await deps.settings.remove(userId, botId);
      if (removed.outcome !== 'removed')
        throw new ApiFailure(REMOVE_REFUSALS[removed.outcome], { details: { botId } });
      tell(botId, removed.shard);
      deps.streams.deleted(userId, botId);
      deps.audienceChanged(userId);
      await deps.audit.record({ userId, action: 'bot.deleted', subject: botId });
    },
    closePositions: async (userId, botId) => {
      const shard = await deps.settings.orderClosePositions({ id: deps.newId(), userId, botId });
      if (shard === null) throw new ApiFailure('NOT_FOUND');
      deps.bus.publish('control', 'control.api', { type: 'botCommand', botId, shard });
      await deps.audit.record({ userId, action: 'bot.close_positions', subject: botId });
    },
    startLegacy: async (draft) => {
      const { userId } = draft;
      await refuseWhenFull();
      const started = await deps.settings.startLegacy(draft, MAX_BOTS, deps.now());
      if (started.outcome === 'running') {
        throw new ApiFailure('BOT_RUNNING', { details: { bot_id: started.botId } });
      }
      if (started.outcome !== 'started')
        throw new ApiFailure('LIMIT_REACHED', { details: { limit: MAX_BOTS } });
      tell(started.bot.id, started.shard);
      deps.streams.changed(userId, started.bot);
      await deps.audit.record({ userId, action: 'bot.started', subject: started.bot.id });
      return started.bot;
    },
  };
}
