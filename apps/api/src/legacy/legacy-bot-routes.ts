import { LegacyBotStart, LegacyBotStarted, LegacyBotStatus, LegacyBotStopped } from '@onefeed/contracts';
import type { BotQueries } from '@onefeed/db';
import type { BotDesk } from '../bots/bot-desk.ts';
import type { BotDrafts } from '../bots/bot-draft.ts';
import { uptimeSeconds } from '../bots/bot-routes.ts';
import { callerOf } from '../http/access.ts';
import { ApiFailure } from '../http/api-failure.ts';
import { EmptyBody } from '../http/empty-body.ts';
import type { RouteApp } from '../http/route-app.ts';
import { toBotRequest } from './legacy-draft.ts';

const user = { access: 'user' } as const;
const success = true as const;

/** One bot a user, as older clients know it. Its fields keep their underscores. */
export function legacyBotRoutes(
  app: RouteApp,
  deps: {
    desk: BotDesk;
    drafts: BotDrafts;
    bots: BotQueries;
    alwaysOnInstruments: readonly string[];
    now: () => number;
  },
): void {
  app.post(
    '/api/bot/start',
    { config: user, schema: { body: LegacyBotStart, response: { 200: LegacyBotStarted } } },
    async (request) => {
      const { userId } = callerOf(request);
      const draft = await deps.drafts.draft(userId, toBotRequest(request.body, deps.alwaysOnInstruments));
      const bot = await deps.desk.startLegacy(draft);
      return { success, message: 'Bot started', bot_id: bot.id };
    },
  );

  app.post(
    '/api/bot/stop',
    { config: user, schema: { body: EmptyBody, response: { 200: LegacyBotStopped } } },
    async (request) => {
      const { userId } = callerOf(request);
      const bot = await deps.bots.legacy(userId);
      if (!bot) throw new ApiFailure('BOT_NOT_RUNNING');
      await deps.desk.stop(userId, bot.id);
      return { success, message: 'Bot stopped', bot_id: bot.id };
    },
  );

  app.get(
    '/api/bot/status',
    { config: user, schema: { response: { 200: LegacyBotStatus } } },
    async (request) => {
      const { userId } = callerOf(request);
      const bot = await deps.bots.legacy(userId);
      if (!bot) return { success, running: false, bot: null };
      const totals = await deps.bots.totals({ userId, botId: bot.id });
      return {
        success,
        running: bot.state === 'running',
        bot: {
          bot_id: bot.id,
          strategy: bot.strategyName,
          uptime_seconds: uptimeSeconds(bot, deps.now()),
          signals_received: bot.signalsReceived,
          open_positions: totals.openPositions,
          completed_trades: totals.completedTrades,
          profit: totals.profit,
        },
      };
    },
  );
}
