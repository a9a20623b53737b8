import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { RestAnswer, RestRequest } from './binance/rest.ts';
import type { Faults } from './control/faults.ts';
import type { SimMetrics, SimVenue } from './sim-metrics.ts';

/** Large enough for 5,000 keys or 1,024 stream names in one message. */
const MAX_PAYLOAD_BYTES = 1024 * 1024;
/** Stream names go into the URL: 1,024 of them need more than node's default of 16 KB. */
const MAX_HEADER_BYTES = 64 * 1024;

export interface SimServerDeps {
  port: number;
  host: string;
  metrics: SimMetrics;
  faults: Faults;
  rest(request: RestRequest): RestAnswer;
  /** Answers /sim requests; absent when the control endpoints are closed. */
  control?(request: IncomingMessage, url: URL): Promise<RestAnswer>;
  onSocket: Record<SimVenue, (socket: WebSocket, url: URL) => void>;
  onError(error: unknown): void;
}

export interface SimServer {
  /** Rejects when the port is taken. Resolves with the port listened on. */
  start(): Promise<number>;
  stop(): Promise<void>;
  sockets(venue: SimVenue): ReadonlySet<WebSocket>;
}

/** One port for both venues: Binance's streams and REST, PumpPortal's socket. */
export function createSimServer(deps: SimServerDeps): SimServer {
  const { metrics, faults } = deps;
  const open: Record<SimVenue, Set<WebSocket>> = { binance: new Set(), pumpfun: new Set() };
  const upgrades = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PAYLOAD_BYTES,
    perMessageDeflate: false,
  });
  const server: Server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      deps.onError(error);
      if (!response.headersSent) sendAnswer(response, failure(500, -1000, 'An unknown error occurred.'));
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = parseUrl(request);
    if (!url) return sendAnswer(response, failure(400, -1000, 'Bad request.'));
    if (deps.control && url.pathname.startsWith('/sim/')) {
      return sendAnswer(response, await deps.control(request, url));
    }
    const reply = restAnswer(request, url);
    metrics.restRequest(reply.status);
    sendAnswer(response, reply);
  }

  function restAnswer(request: IncomingMessage, url: URL): RestAnswer {
    if (faults.refuse.binance) return failure(503, -1000, 'Service Unavailable');
    const status = faults.restStatuses.shift();
    if (status !== undefined) return faultyAnswer(status);
    return deps.rest({
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      address: request.socket.remoteAddress ?? '',
      microseconds: String(request.headers['x-mbx-time-unit']).toUpperCase() === 'MICROSECOND',
    });
  }

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
    const url = parseUrl(request);
    const venue = url && venueOf(url.pathname);
    if (!url || !venue) return refuse(socket, '404 Not Found');
    if (faults.refuse[venue]) return refuse(socket, '503 Service Unavailable');
    upgrades.handleUpgrade(request, socket, head, (client) => {
      open[venue].add(client);
      metrics.opened(venue);
      client.once('close', () => {
        open[venue].delete(client);
        metrics.closed(venue);
      });
      deps.onSocket[venue](client, url);
    });
  }
  server.on('upgrade', onUpgrade);

  return {
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(deps.port, deps.host, () => {
          server.off('error', reject);
          resolve((server.address() as AddressInfo).port);
        });
      }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const sockets of Object.values(open)) for (const client of sockets) client.terminate();
        server.closeAllConnections();
      }),
    sockets: (venue) => open[venue],
  };
}

export const failure = (status: number, code: number, msg: string): RestAnswer => ({
  status,
  headers: { 'content-type': 'application/json;charset=UTF-8' },
  body: JSON.stringify({ code, msg }),
});

function faultyAnswer(status: number): RestAnswer {
  const limited = status === 429 || status === 418;
  const text = limited
    ? 'Too much request weight used; please use WebSocket Streams.'
    : 'Internal error; unable to process your request. Please try again.';
  const reply = failure(status, limited ? -1003 : -1001, text);
  return limited ? { ...reply, headers: { ...reply.headers, 'retry-after': '1' } } : reply;
}

function parseUrl(request: IncomingMessage): URL | undefined {
  return URL.parse(request.url ?? '/', 'http://sim') ?? undefined;
}

function venueOf(path: string): SimVenue | undefined {
  if (path === '/ws' || path === '/stream' || path.startsWith('/ws/')) return 'binance';
  return path === '/api/data' ? 'pumpfun' : undefined;
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function sendAnswer(response: ServerResponse, { status, headers, body }: RestAnswer): void {
  response.writeHead(status, headers).end(body);
}
