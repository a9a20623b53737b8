import type {
  AdminBotsAnswer,
  AdminEngineAnswer,
  AdminFeedsAnswer,
  AdminHealth,
  AdminOverview,
  AdminStats,
  AdminUsersAnswer,
  AuditAnswer,
  Bot,
  BotStatusAnswer,
  BotsAnswer,
  CandlesAnswer,
  CatalogAnswer,
  CreateBot,
  CreateStrategy,
  Credentials,
  DecisionsAnswer,
  Done,
  KillSwitch,
  LegacyBotStart,
  LegacyBotStarted,
  LegacyBotStatus,
  LegacyBotStopped,
  OrdersAnswer,
  PositionsAnswer,
  Session,
  Signal,
  SignalsAnswer,
  SocketStats,
  SocketTicket,
  StrategiesAnswer,
  Strategy,
  Timeframe,
  TokensAnswer,
  TradesAnswer,
  User,
  ValidationAnswer,
  Venue,
} from '@onefeed/contracts';
import type { Fetch, Scheduler, WebSocketConstructor } from './platform.ts';
import { createRequester } from './requester.ts';
import { createSocket, type Socket } from './socket.ts';

/** A part of a list: `cursor` is the `nextCursor` of the part before; `limit` at most 200. */
export interface Page {
  limit?: number;
  cursor?: string;
}

export interface ClientOptions {
  /** Origin of the api without a trailing slash; '' in a page that the api itself serves. */
  baseUrl: string;
  fetch?: Fetch;
  WebSocket?: WebSocketConstructor;
  /** Used until a login gives another. */
  accessToken?: string;
  /** Told of every login, refresh and logout. */
  onSession?: (session: Session | null) => void;
  scheduler?: Scheduler;
}

/** Every call answers what the server answered and throws ApiError when it refused. */
export interface Client {
  session(): Session | null;
  register(credentials: Credentials): Promise<Session>;
  login(credentials: Credentials): Promise<Session>;
  /** A new access token by the refresh cookie; throws ApiError 401 when there is none. */
  refresh(): Promise<Session>;
  logout(): Promise<void>;
  me(): Promise<User>;

  catalog(): Promise<CatalogAnswer>;
  candles(query: {
    venue: Venue;
    instrument: string;
    timeframe: Timeframe;
    limit?: number;
    before?: number;
  }): Promise<CandlesAnswer>;
  tokens(page?: Page): Promise<TokensAnswer>;
  signals(query?: Page & { venue?: Venue; instrument?: string; ruleKey?: string }): Promise<SignalsAnswer>;
  signal(id: string): Promise<Signal>;

  strategies(page?: Page): Promise<StrategiesAnswer>;
  createStrategy(strategy: CreateStrategy): Promise<Strategy>;
  validateStrategy(source: string): Promise<ValidationAnswer>;
  deleteStrategy(id: string): Promise<void>;

  bots(page?: Page): Promise<BotsAnswer>;
  createBot(bot: CreateBot): Promise<Bot>;
  bot(id: string): Promise<Bot>;
  deleteBot(id: string): Promise<void>;
  startBot(id: string): Promise<Bot>;
  stopBot(id: string): Promise<Bot>;
  /** Asks for it; the positions close a moment later. */
  closePositions(id: string): Promise<void>;
  botStatus(id: string): Promise<BotStatusAnswer>;
  botPositions(id: string, page?: Page): Promise<PositionsAnswer>;
  botOrders(id: string, page?: Page): Promise<OrdersAnswer>;
  botTrades(id: string, page?: Page): Promise<TradesAnswer>;
  botDecisions(id: string, page?: Page): Promise<DecisionsAnswer>;
  /** Of all the caller's bots. */
  positions(page?: Page): Promise<PositionsAnswer>;
  trades(page?: Page): Promise<TradesAnswer>;

  startLegacyBot(request: LegacyBotStart): Promise<LegacyBotStarted>;
  stopLegacyBot(): Promise<LegacyBotStopped>;
  legacyBotStatus(): Promise<LegacyBotStatus>;

  socketStats(): Promise<SocketStats>;
  adminStats(): Promise<AdminStats>;
  /** Also when degraded: the answer says so. */
  adminHealth(): Promise<AdminHealth>;
  adminOverview(): Promise<AdminOverview>;
  adminBots(page?: Page): Promise<AdminBotsAnswer>;
  adminFeeds(): Promise<AdminFeedsAnswer>;
  adminEngine(): Promise<AdminEngineAnswer>;
  adminUsers(page?: Page): Promise<AdminUsersAnswer>;
  adminAudit(page?: Page): Promise<AuditAnswer>;
  setKillSwitch(killSwitch: KillSwitch): Promise<KillSwitch>;

  socketTicket(): Promise<SocketTicket>;
  /** One connection for all subscriptions; it connects at the first and reconnects until closed. */
  socket(): Socket;
}

/** A typed client of the onefeed API. */
export function createClient(options: ClientOptions): Client {
  const requester = createRequester({
    baseUrl: options.baseUrl,
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    onSession: options.onSession ?? (() => {}),
    ...(options.accessToken === undefined ? {} : { accessToken: options.accessToken }),
  });
  const { get, post } = requester;
  const remember = (session: Session): Session => {
    requester.setSession(session);
    return session;
  };
  const id = encodeURIComponent;
  const done = async (answer: Promise<Done>): Promise<void> => void (await answer);
  const socketTicket = (): Promise<SocketTicket> => post('/api/ws-ticket');

  return {
    session: requester.session,
    register: async (credentials) => remember(await post('/api/auth/register', credentials)),
    login: async (credentials) => remember(await post('/api/auth/login', credentials)),
    refresh: async () => remember(await post('/api/auth/refresh')),
    logout: async () => {
      await post<Done>('/api/auth/logout');
      requester.setSession(null);
    },
    me: async () => (await get<{ user: User }>('/api/me')).user,

    catalog: () => get('/api/catalog'),
    candles: (query) => get('/api/candles', query),
    tokens: (page) => get('/api/tokens', { ...page }),
    signals: (query) => get('/api/signals', { ...query }),
    signal: async (signalId) => (await get<{ signal: Signal }>(`/api/signals/${id(signalId)}`)).signal,

    strategies: (page) => get('/api/strategies', { ...page }),
    createStrategy: async (strategy) =>
      (await post<{ strategy: Strategy }>('/api/strategies', strategy)).strategy,
    validateStrategy: (source) => post('/api/strategies/validate', { source }),
    deleteStrategy: (strategyId) => done(requester.delete(`/api/strategies/${id(strategyId)}`)),

    bots: (page) => get('/api/bots', { ...page }),
    createBot: async (bot) => (await post<{ bot: Bot }>('/api/bots', bot)).bot,
    bot: async (botId) => (await get<{ bot: Bot }>(`/api/bots/${id(botId)}`)).bot,
    deleteBot: (botId) => done(requester.delete(`/api/bots/${id(botId)}`)),
    startBot: async (botId) => (await post<{ bot: Bot }>(`/api/bots/${id(botId)}/start`)).bot,
    stopBot: async (botId) => (await post<{ bot: Bot }>(`/api/bots/${id(botId)}/stop`)).bot,
    closePositions: (botId) => done(post(`/api/bots/${id(botId)}/close-positions`)),
    botStatus: (botId) => get(`/api/bots/${id(botId)}/status`),
    botPositions: (botId, page) => get(`/api/bots/${id(botId)}/positions`, { ...page }),
    botOrders: (botId, page) => get(`/api/bots/${id(botId)}/orders`, { ...page }),
    botTrades: (botId, page) => get(`/api/bots/${id(botId)}/trades`, { ...page }),
    botDecisions: (botId, page) => get(`/api/bots/${id(botId)}/decisions`, { ...page }),
    positions: (page) => get('/api/positions', { ...page }),
    trades: (page) => get('/api/trades', { ...page }),

    startLegacyBot: (request) => post('/api/bot/start', request),
    stopLegacyBot: () => post('/api/bot/stop'),
    legacyBotStatus: () => get('/api/bot/status'),

    socketStats: () => get('/api/ws-stats'),
    adminStats: () => get('/api/admin/stats'),
    adminHealth: () => readHealth(() => get<AdminHealth>('/api/admin/health')),
    adminOverview: async () => (await get<{ overview: AdminOverview }>('/api/admin/overview')).overview,
    adminBots: (page) => get('/api/admin/bots', { ...page }),
    adminFeeds: () => get('/api/admin/feeds'),
    adminEngine: () => get('/api/admin/engine'),
    adminUsers: (page) => get('/api/admin/users', { ...page }),
    adminAudit: (page) => get('/api/admin/audit', { ...page }),
    setKillSwitch: async (killSwitch) =>
      (await post<{ killSwitch: KillSwitch }>('/api/admin/kill-switch', killSwitch)).killSwitch,

    socketTicket,
    socket: () =>
      createSocket({
        url: socketUrl(options.baseUrl),
        ticket: async () => (await socketTicket()).ticket,
        WebSocket: options.WebSocket ?? globalWebSocket(),
        scheduler: options.scheduler ?? globalScheduler,
      }),
  };
}

/** A degraded platform answers 503 with the health itself. */
async function readHealth(ask: () => Promise<AdminHealth>): Promise<AdminHealth> {
  try {
    return await ask();
  } catch (error) {
    const details = (error as { details?: unknown }).details as Partial<AdminHealth> | null | undefined;
    if (details?.status === 'degraded') return details as AdminHealth;
    throw error;
  }
}

const globalScheduler: Scheduler = {
  setTimeout: (run, delayMs) => globalThis.setTimeout(run, delayMs),
  clearTimeout: (timer) => globalThis.clearTimeout(timer as number),
  random: () => Math.random(),
};

const globalWebSocket = (): WebSocketConstructor =>
  (globalThis as unknown as { WebSocket: WebSocketConstructor }).WebSocket;

function socketUrl(baseUrl: string): string {
  const page = (globalThis as { location?: { origin: string } }).location?.origin ?? '';
  return `${(baseUrl === '' ? page : baseUrl).replace(/^http/, 'ws')}/api/ws`;
}
