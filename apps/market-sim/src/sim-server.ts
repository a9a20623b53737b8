import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { RestAnswer, RestRequest } from './binance/rest.ts';
import type { ConnectionTally } from './connection-tally.ts';
import type { HttpVenue } from './control/faults.ts';
import type { GoneSockets } from './gone-sockets.ts';
import { SIM_VENUES, type SimMetrics, type SimVenue } from './sim-metrics.ts';

/** Large enough for 5,000 keys or 1,024 stream names in one message. */
const MAX_PAYLOAD_BYTES = 1024 * 1024;
/** Stream names go into the URL: 1,024 of them need more than node's default of 16 KB. */
const MAX_HEADER_BYTES = 64 * 1024;
const SOLANA_PATH = '/solana';

export interface SimServerDeps {
  port: number;
  host: string;
  metrics: SimMetrics;
  tally: ConnectionTally;
  gone: GoneSockets;
  isRefusing: (venue: SimVenue) => boolean;
  /** Puts faults between a request and its answer. */
  withFaults(venue: HttpVenue, answer: () => RestAnswer): Promise<RestAnswer>;
  rest(request: RestRequest): RestAnswer;
  /** Answers the body of a JSON-RPC request. */
  rpc(body: string): RestAnswer;
  /** Answers /sim requests; absent when the control endpoints are closed. */
  control?(request: IncomingMessage, url: URL): Promise<RestAnswer>;
  onSocket: Record<SimVenue, (socket: WebSocket, url: URL) => void>;
  onError(error: unknown): void;
}

export interface SimServer {
  /** Rejects when the port is taken. Resolves with the port listened on. */
  start(): Promise<number>;
  stop(): Promise<void>;
}

/** One port for all venues: Binance's streams and REST, PumpPortal's socket, a Solana node's both sides. */
export function createSimServer(deps: SimServerDeps): SimServer {
  const { metrics, tally, gone } = deps;
  const upgrades = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PAYLOAD_BYTES,
    perMessageDeflate: false,
    // By hand below: a vanished venue answers no ping.
    autoPong: false,
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
    const reply = await restAnswer(request, url);
    metrics.restRequest(reply.status);
    sendAnswer(response, reply);
  }

  async function restAnswer(request: IncomingMessage, url: URL): Promise<RestAnswer> {
    if (url.pathname === SOLANA_PATH) {
      if (request.method !== 'POST')
        return failure(405, -1000, 'Used HTTP Method is not allowed. POST is required');
      const body = await bodyOf(request);
      return deps.withFaults('solana', () => deps.rpc(body));
    }
    return deps.withFaults('binance', () =>
      deps.rest({
        method: request.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        address: request.socket.remoteAddress ?? '',
        microseconds: String(request.headers['x-mbx-time-unit']).toUpperCase() === 'MICROSECOND',
      }),
    );
  }

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
    const url = parseUrl(request);
    const venue = url && venueOf(url.pathname);
    if (!url || !venue) return refuse(socket, '404 Not Found');
    if (deps.isRefusing(venue)) return refuse(socket, '503 Service Unavailable');
    upgrades.handleUpgrade(request, socket, head, (client) => {
      tally.opened(venue, client);
      // The end of the TCP side comes first: from then on the client has let go.
      socket.once('end', () => tally.closed(venue, client));
      client.once('close', () => tally.closed(venue, client));
      client.on('ping', (payload) => {
        if (!gone.has(client) && client.readyState === client.OPEN) client.pong(payload);
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
        for (const venue of SIM_VENUES) for (const client of tally.sockets(venue)) client.terminate();
        server.closeAllConnections();
      }),
  };
}

export const failure = (status: number, code: number, msg: string): RestAnswer => ({
  status,
  headers: { 'content-type': 'application/json;charset=UTF-8' },
  body: JSON.stringify({ code, msg }),
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > MAX_PAYLOAD_BYTES) throw new Error('the body is too large');
  }
  return text;
}

function parseUrl(request: IncomingMessage): URL | undefined {
  return URL.parse(request.url ?? '/', 'http://sim') ?? undefined;
}

function venueOf(path: string): SimVenue | undefined {
  if (path === '/ws' || path === '/stream' || path.startsWith('/ws/')) return 'binance';
  if (path === SOLANA_PATH) return 'solana';
  return path === '/api/data' ? 'pumpfun' : undefined;
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function sendAnswer(response: ServerResponse, { status, headers, body }: RestAnswer): void {
  response.writeHead(status, headers).end(body);
}
