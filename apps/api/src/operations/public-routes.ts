import { AdminHealth, AdminStats, SocketStats } from '@onefeed/contracts';
import type { OperationsQueries } from '@onefeed/db';
import { uptimeSeconds } from '../bots/bot-routes.ts';
import type { RouteApp } from '../http/route-app.ts';
import type { CandleStreams } from '../live/candle-streams.ts';
import type { SessionRegistry } from '../live/session-registry.ts';
import { figuresOf, healthProblems } from './health.ts';
import type { Overview } from './overview.ts';
import { socketStats } from './socket-stats.ts';

/** Bots listed at most in the older stats route; /api/admin/bots pages through all. */
const MAX_LISTED_BOTS = 1_000;

/** Figures anybody may see, in the exact shapes older clients read. */
export function publicRoutes(
  app: RouteApp,
  deps: {
    overview: Overview;
    operations: Pick<OperationsQueries, 'runningBots'>;
    candleStreams: CandleStreams;
    sessions: SessionRegistry;
    maxCapacity: number;
    now: () => number;
  },
): void {
  /** What `active_bots` was when it could be read last. */
  let lastActiveBots = 0;

  app.get(
    '/api/admin/stats',
    { config: { access: 'public' }, schema: { response: { 200: AdminStats } } },
    async (request) => {
      const [activeBots, services] = await Promise.all([
        deps.overview.activeBots(),
        deps.overview.services(),
      ]);
      const isAdmin = request.caller?.role === 'admin';
      const running = isAdmin ? await deps.operations.runningBots(MAX_LISTED_BOTS) : [];
      return {
        success: true as const,
        stats: {
          active_bots: activeBots,
          architecture: 'OPTIMIZED_CENTRALIZED' as const,
          max_capacity: deps.maxCapacity,
          feed_stats: figuresOf(services, 'feed-gateway'),
          engine_stats: figuresOf(services, 'analysis-engine'),
          bots: running.map((bot) => ({
            bot_id: bot.id,
            user_id: bot.userId,
            strategy: bot.strategyName,
            uptime_seconds: uptimeSeconds({ state: 'running', startedAt: bot.startedAt }, deps.now()),
            signals_received: bot.signalsReceived,
          })),
        },
      };
    },
  );

  app.get(
    '/api/admin/health',
    { config: { access: 'public' }, schema: { response: { 200: AdminHealth, 503: AdminHealth } } },
    async (request, reply) => {
      const { activeBots, services } = await Promise.all([
        deps.overview.activeBots(),
        deps.overview.services(),
      ]).then(
        ([counted, listed]) => {
          lastActiveBots = counted;
          return { activeBots: counted, services: listed };
        },
        (error: unknown) => {
          // Without the database the platform is not whole, and this is the route that must say so.
          request.log.warn({ err: error }, 'health could not be read');
          return { activeBots: lastActiveBots, services: [] };
        },
      );
      const healthy = healthProblems(services).length === 0;
      if (!healthy) reply.code(503).header('retry-after', '5');
      return {
        success: healthy,
        status: healthy ? ('running' as const) : ('degraded' as const),
        active_bots: activeBots,
      };
    },
  );

  app.get(
    '/api/ws-stats',
    { config: { access: 'public' }, schema: { response: { 200: SocketStats } } },
    async () => {
      const upstream = figuresOf(await deps.overview.services(), 'feed-gateway').upstreamConnections;
      return socketStats(
        deps.candleStreams.views(),
        [...deps.sessions.all()].map((session) => session.candleSubscriptions()),
        typeof upstream === 'number' ? upstream : 0,
      );
    },
  );
}
