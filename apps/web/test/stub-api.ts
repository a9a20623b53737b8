import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  ADMIN,
  BOT,
  bars,
  CATALOG,
  NOW,
  order,
  POSITION,
  SERVICES,
  TOKEN_BOT,
  token,
  trade,
  USER,
} from './stub-data.ts';

const DIST = new URL('../dist', import.meta.url).pathname;
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
/** Stricter than the api's own policy: nothing inline, nothing from elsewhere. */
const POLICY = "default-src 'self'";
const EPOCH = 'stub';

export interface StubApi {
  readonly url: string;
  /** What the page sent, newest last: `POST /api/bots {...}`. */
  readonly requests: { readonly method: string; readonly path: string; readonly body: unknown }[];
  /** Channels read now. */
  channels(): string[];
  /** Sends data to the readers of a channel. */
  send(channel: string, data: unknown): void;
  /** Drops every socket, as a restart does. */
  dropSockets(): void;
  close(): Promise<void>;
}

export interface StubOptions {
  /** Without bots, the page opens with the form for the first one. */
  readonly bots?: boolean;
  readonly port?: number;
}

/** Serves the built app and just enough of the api to drive it. */
export async function startStubApi(options: StubOptions = {}): Promise<StubApi> {
  const requests: { method: string; path: string; body: unknown }[] = [];
  const readers = new Map<WebSocket, Set<string>>();
  let offset = 0;
  let polls = 0;
  const withBots = options.bots ?? true;

  const session = (user: typeof USER | typeof ADMIN) => ({
    success: true,
    user,
    accessToken: `token-of-${user.id}`,
    expiresIn: 900,
  });
  const failure = (code: string, message: string, details?: unknown) => ({
    success: false,
    error: { code, message, ...(details === undefined ? {} : { details }) },
  });

  const answer = (
    method: string,
    path: string,
    body: unknown,
    request: IncomingMessage,
    reply: ServerResponse,
  ) => {
    const send = (status: number, value: unknown) => {
      reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    const isAdmin = request.headers.authorization === `Bearer token-of-${ADMIN.id}`;
    const credentials = body as { email?: string; password?: string; source?: string };
    const known = credentials?.email === ADMIN.email ? ADMIN : USER;
    switch (`${method} ${path}`) {
      case 'POST /api/auth/register':
      case 'POST /api/auth/login':
        if (credentials.password === 'wrong-password') {
          return send(401, failure('INVALID_CREDENTIALS', 'E-mail or password is wrong.'));
        }
        reply.setHeader('set-cookie', `refresh=${known.email}; Path=/; HttpOnly; SameSite=Strict`);
        return send(200, session(known));
      case 'POST /api/auth/refresh': {
        const cookie = request.headers.cookie ?? '';
        if (!cookie.includes('refresh=')) return send(401, failure('UNAUTHENTICATED', 'Log in first.'));
        return send(200, session(cookie.includes(ADMIN.email) ? ADMIN : USER));
      }
      case 'POST /api/auth/logout':
        reply.setHeader('set-cookie', 'refresh=; Path=/; Max-Age=0');
        return send(200, { success: true });
      case 'POST /api/ws-ticket':
        return send(200, { success: true, ticket: 't', expiresIn: 30 });
      case 'GET /api/catalog':
        return send(200, CATALOG);
      case 'GET /api/strategies':
        return send(200, { success: true, strategies: [], nextCursor: null });
      case 'POST /api/strategies/validate':
        return send(200, validation(credentials.source ?? ''));
      case 'POST /api/bots':
        return send(200, {
          success: true,
          bot: { ...BOT, ...(body as object), id: BOT.id, state: 'running' },
        });
      case 'GET /api/trades':
        return send(200, {
          success: true,
          trades: withBots ? [trade(2, '6.2410'), trade(4, '-3.1188'), trade(6, '12.0031')] : [],
          nextCursor: null,
        });
      case 'GET /api/tokens':
        return send(200, {
          success: true,
          tokens: Array.from({ length: 14 }, (_, index) => token(index)),
          nextCursor: null,
        });
      case 'GET /api/admin/health':
        return send(200, { success: true, status: 'running', active_bots: 200 });
      case 'GET /api/admin/stats':
        polls += 1;
        return send(200, adminStats(polls, isAdmin));
      case 'GET /api/admin/overview':
        return isAdmin
          ? send(200, { success: true, overview: overview(polls) })
          : send(403, failure('FORBIDDEN', 'Your account may not do this.'));
      case 'GET /api/ws-stats':
        return send(200, socketStats());
    }
    const ofBot = /^\/api\/bots\/[^/]+\/(\w+)$/.exec(path)?.[1];
    switch (`${method} ${ofBot}`) {
      case 'GET orders':
        return send(200, {
          success: true,
          orders: path.includes(BOT.id)
            ? [order('buy', 1, '63100.5'), order('sell', 2, '63420.7'), order('buy', 3, '62880.1')]
            : [],
          nextCursor: null,
        });
      case 'GET decisions':
        return send(200, {
          success: true,
          decisions: [
            {
              botId: path.split('/')[3],
              signalId: '7',
              code: 'MAX_OPEN_POSITIONS',
              limit: '5',
              value: '5',
              at: NOW - 60_000,
            },
          ],
          nextCursor: null,
        });
      case 'GET status':
        return send(200, {
          success: true,
          bot: { ...BOT, signalsReceived: 12 },
          uptimeSeconds: 3_600,
          openPositions: 1,
          completedTrades: 3,
          profit: '15.1253',
        });
      case 'POST stop':
        return send(200, { success: true, bot: { ...BOT, state: 'stopped' } });
      case 'POST start':
        return send(200, { success: true, bot: { ...BOT, state: 'running' } });
    }
    return send(404, failure('NOT_FOUND', 'There is nothing here for you.'));
  };

  const server = createServer(async (request, reply) => {
    const path = new URL(request.url ?? '/', 'http://stub').pathname;
    reply.setHeader('content-security-policy', POLICY);
    if (path.startsWith('/api/')) {
      let text = '';
      for await (const part of request) text += String(part);
      const body: unknown = text === '' ? null : JSON.parse(text);
      requests.push({ method: request.method ?? '', path, body });
      answer(request.method ?? '', path, body, request, reply);
      return;
    }
    const file = extname(path) === '' ? 'index.html' : path;
    try {
      const content = await readFile(join(DIST, file));
      reply
        .writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
        .end(content);
    } catch {
      reply.writeHead(404).end();
    }
  });

  const sockets = new WebSocketServer({ server, path: '/api/ws' });
  sockets.on('connection', (socket) => {
    const channels = new Set<string>();
    readers.set(socket, channels);
    socket.on('close', () => readers.delete(socket));
    socket.on('message', (text) => {
      const message = JSON.parse(String(text)) as { op: string; channels?: string[] };
      for (const channel of message.channels ?? []) {
        if (message.op === 'unsubscribe') {
          channels.delete(channel);
          continue;
        }
        channels.add(channel);
        socket.send(
          JSON.stringify({ op: 'subscribed', channel, epoch: EPOCH, offset, snapshot: snapshot(channel) }),
        );
      }
    });
  });

  const snapshot = (channel: string): unknown => {
    if (channel === 'bots') {
      return withBots ? { bots: [BOT, TOKEN_BOT], positions: [POSITION] } : { bots: [], positions: [] };
    }
    if (channel.startsWith('candles:')) return { candles: bars(180) };
    if (channel === 'tokens') return { tokens: Array.from({ length: 14 }, (_, index) => token(index)) };
    return { at: NOW, prices: [{ instrument: 'BTCUSDT', price: '63402.10', at: NOW }] };
  };

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    channels: () => [...new Set([...readers.values()].flatMap((channels) => [...channels]))],
    send: (channel, data) => {
      offset += 1;
      const frame = JSON.stringify({ channel, epoch: EPOCH, offset, data });
      for (const [socket, channels] of readers) if (channels.has(channel)) socket.send(frame);
    },
    dropSockets: () => {
      for (const socket of readers.keys()) socket.close(1012);
    },
    close: async () => {
      for (const socket of readers.keys()) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function validation(source: string) {
  const known = /^(token|timeframe)/.exec(source);
  const typo = source.indexOf('emma');
  const before = source.slice(0, typo).split('\n');
  const valid = known !== null && typo < 0;
  return {
    success: true,
    valid,
    kind: valid ? (known[1] === 'token' ? 'token' : 'candle') : null,
    ruleKey: valid ? '0123456789abcdef0123456789abcdef' : null,
    canonicalSource: valid ? source : null,
    problems: valid
      ? []
      : [
          {
            line: Math.max(1, before.length),
            column: (before.at(-1)?.length ?? 0) + 1,
            message: 'There is no function `emma`.',
            hint: 'Did you mean `ema`?',
          },
        ],
  };
}

function adminStats(polls: number, isAdmin: boolean) {
  return {
    success: true,
    stats: {
      active_bots: 200 + polls,
      architecture: 'OPTIMIZED_CENTRALIZED',
      max_capacity: 100_000,
      feed_stats: {
        binance: { upstreamConnections: 1, streams: 12, framesTotal: 84_000 + polls * 37, lastFrameAt: NOW },
        pumpfun: { upstreamConnections: 1, tokens: 412, framesTotal: 22_114 + polls * 11 },
      },
      engine_stats: {
        rules: 9,
        nodes: 31,
        sharing: 0.84,
        tokensScored: 409 + polls,
        signalsTotal: 1_204 + polls * 3,
        ordersTotal: 880 + polls,
      },
      bots: isAdmin
        ? Array.from({ length: 12 }, (_, index) => ({
            bot_id: `${index}a7c1f20-0000-4000-8000-000000000001`,
            user_id: `${index}3b9e410-0000-4000-8000-000000000001`,
            strategy: index % 2 === 0 ? 'AI_PREDICTIONS' : 'EMA_CROSS',
            uptime_seconds: 3_600 + index * 977,
            signals_received: index * 7,
          }))
        : [],
    },
  };
}

function overview(polls: number) {
  return {
    at: NOW,
    activeBots: 200 + polls,
    maxCapacity: 100_000,
    users: 201,
    openPositions: 87,
    completedTrades: 1_412 + polls,
    signals: 1_204 + polls * 3,
    sockets: 5,
    subscriptions: 30,
    killSwitch: { entries: false, everything: false },
    services: SERVICES,
  };
}

function socketStats() {
  return {
    success: true,
    summary: {
      activeSessions: 5,
      totalSubscriptions: 30,
      sharedWebSockets: 6,
      efficiency: '80.0% reduction in connections',
      savings: '24 connections saved',
      upstreamConnections: 2,
    },
    websockets: ['1m', '5m', '15m', '1h', '4h', '1d'].map((timeframe) => ({
      venue: 'binance',
      symbol: 'BTCUSDT',
      timeframe,
      subscribers: 5,
      lastUpdate: NOW,
      candlesCount: 300,
      currentPrice: '63402.10',
    })),
  };
}
