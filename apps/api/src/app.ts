import cookie from '@fastify/cookie';
import jwt from '@fastify/jwt';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { Bus } from '@onefeed/bus';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import type { Registry } from 'prom-client';
import { createAccessTokens } from './accounts/access-tokens.ts';
import { accountRoutes } from './accounts/account-routes.ts';
import { type Audit, createAudit } from './accounts/audit.ts';
import { createLoginLimiter } from './accounts/login-limiter.ts';
import { createPasswords, type Passwords } from './accounts/passwords.ts';
import { createSessions } from './accounts/sessions.ts';
import { createSocketTickets } from './accounts/socket-tickets.ts';
import { createBotDesk } from './bots/bot-desk.ts';
import { createBotDrafts } from './bots/bot-draft.ts';
import { botRoutes } from './bots/bot-routes.ts';
import type { ApiConfig } from './config.ts';
import { type GuardedRoute, installAccessGuard } from './http/access.ts';
import { installChangeLimit } from './http/change-limit.ts';
import { answerFrameworkError, installErrorHandler } from './http/error-handler.ts';
import { acceptOnlyJson } from './http/json-bodies.ts';
import { serializeError } from './http/log-errors.ts';
import { collectOpenApi, serveOpenApi } from './http/open-api.ts';
import { createOriginCheck } from './http/origin.ts';
import type { RouteApp } from './http/route-app.ts';
import { installSecurityHeaders } from './http/security-headers.ts';
import { acceptSockets } from './http/sockets.ts';
import { compileValidator } from './http/validation.ts';
import { serveWebApp } from './http/web-app.ts';
import { legacyBotRoutes } from './legacy/legacy-bot-routes.ts';
import { createLive, type Live } from './live/live.ts';
import { liveRoutes } from './live/live-routes.ts';
import { marketRoutes } from './market/market-routes.ts';
import { createApiMetrics } from './metrics.ts';
import { operatorRoutes } from './operations/operator-routes.ts';
import { publicRoutes } from './operations/public-routes.ts';
import type { Repositories } from './repositories.ts';
import { readBuiltInRules } from './strategies/built-in-rules.ts';
import { strategyRoutes } from './strategies/strategy-routes.ts';

/** Largest request body in bytes. */
export const BODY_LIMIT_BYTES = 65_536;

/** What the application itself reads of the configuration. */
export type AppSettings = Pick<
  ApiConfig,
  | 'JWT_SECRET'
  | 'INSTRUMENTS'
  | 'MAX_CAPACITY'
  | 'MAX_SOCKETS'
  | 'MAX_SOCKETS_PER_ADDRESS'
  | 'MAX_SOCKETS_PER_USER'
  | 'ALLOWED_ORIGINS'
  | 'TRUST_PROXY'
  | 'WEB_DIST'
>;

export interface AppDeps {
  settings: AppSettings;
  repositories: Repositories;
  bus: Bus;
  /** Name of the process life: the holder of stream demand. */
  instance: string;
  logger: FastifyBaseLogger;
  metrics: Registry;
  now: () => number;
  newId: () => string;
  random: () => number;
}

export interface App {
  http: RouteApp;
  live: Live;
  passwords: Passwords;
  audit: Audit;
  routes(): readonly GuardedRoute[];
}

/** The whole application, not listening yet. Tests and production build it alike. */
export async function buildApp(deps: AppDeps): Promise<App> {
  const { settings, repositories, bus, now, newId } = deps;
  const log = deps.logger.child({}, { serializers: { err: serializeError } });
  const http: RouteApp = Fastify({
    loggerInstance: log,
    // A line a request would be most of the log; metrics count them.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    // One hop: what the proxy itself saw. Addresses further left are whatever the client wrote there.
    trustProxy: settings.TRUST_PROXY ? (_address: string, hop: number) => hop === 0 : false,
    frameworkErrors: answerFrameworkError,
    requestTimeout: 30_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 128 },
  }).withTypeProvider<TypeBoxTypeProvider>();
  http.setValidatorCompiler(compileValidator);
  // Answers' schemas document and are checked by tests; what is sent is what a repository was asked for.
  http.setSerializerCompiler(() => (data) => JSON.stringify(data));
  acceptOnlyJson(http);
  installErrorHandler(http);

  const metrics = createApiMetrics(deps.metrics);
  http.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    metrics.answered(request.method, route, reply.statusCode, reply.elapsedTime / 1_000);
  });

  await acceptSockets(http);
  await http.register(cookie);
  await http.register(jwt, {
    secret: settings.JWT_SECRET,
    sign: { algorithm: 'HS256' },
    verify: { algorithms: ['HS256'] },
  });
  const tokens = createAccessTokens(() => http.jwt);
  const tickets = createSocketTickets(now);
  const guard = installAccessGuard(http, { tokens, tickets });
  await installSecurityHeaders(http);
  await installChangeLimit(http);
  await collectOpenApi(http);

  const builtInRules = readBuiltInRules();
  const live = createLive({
    repositories,
    bus,
    instance: deps.instance,
    epoch: newId(),
    builtInRules,
    alwaysOnInstruments: settings.INSTRUMENTS,
    maxCapacity: settings.MAX_CAPACITY,
    sessionLimits: {
      perUser: settings.MAX_SOCKETS_PER_USER,
      perAddress: settings.MAX_SOCKETS_PER_ADDRESS,
      total: settings.MAX_SOCKETS,
    },
    metrics,
    log,
    now,
    random: deps.random,
  });
  metrics.watch({ sessions: live.sessions.all, subscriptions: live.subscriptions });

  const passwords = createPasswords();
  const audit = createAudit({ audit: repositories.audit, log, newId });
  const sessions = createSessions({
    users: repositories.users,
    refreshTokens: repositories.refreshTokens,
    passwords,
    tokens,
    audit,
    now,
    newId,
  });
  const drafts = createBotDrafts({
    strategies: repositories.strategies,
    instruments: live.instruments,
    newId,
  });
  const desk = createBotDesk({
    drafts,
    settings: repositories.botSettings,
    bus,
    audit,
    streams: live.botStreams,
    audienceChanged: live.sessions.audienceChanged,
    activeBots: live.overview.activeBots,
    maxCapacity: settings.MAX_CAPACITY,
    now,
    newId,
  });

  const refuseForeignOrigin = createOriginCheck(settings.ALLOWED_ORIGINS);
  accountRoutes(http, {
    sessions,
    users: repositories.users,
    tickets,
    limiter: createLoginLimiter(now),
    refuseForeignOrigin,
  });
  botRoutes(http, { desk, bots: repositories.botQueries, now });
  legacyBotRoutes(http, {
    desk,
    drafts,
    bots: repositories.botQueries,
    alwaysOnInstruments: settings.INSTRUMENTS,
    now,
  });
  strategyRoutes(http, { strategies: repositories.strategies, audit, newId });
  marketRoutes(http, {
    instruments: live.instruments,
    candles: repositories.candles,
    tokens: repositories.tokens,
    signals: repositories.signals,
    signalStreams: live.signalStreams,
    builtInRules,
  });
  publicRoutes(http, {
    overview: live.overview,
    operations: repositories.operations,
    candleStreams: live.candleStreams,
    sessions: live.sessions,
    maxCapacity: settings.MAX_CAPACITY,
    now,
  });
  operatorRoutes(http, {
    overview: live.overview,
    operations: repositories.operations,
    demand: repositories.streamDemand,
    killSwitch: repositories.killSwitch,
    auditLog: repositories.audit,
    audit,
    bus,
  });
  liveRoutes(http, { live, refuseForeignOrigin, now });
  await serveOpenApi(http);
  await serveWebApp(http, settings.WEB_DIST);
  return { http, live, passwords, audit, routes: guard.routes };
}
