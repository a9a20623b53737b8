import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TIMEFRAME_MS, type Timeframe } from '@onefeed/contracts';
import { type WebSocket, WebSocketServer } from 'ws';

/** A bar of the script: its number counts from the epoch in units of its timeframe. */
export interface ScriptedBar {
  instrument: string;
  timeframe: Timeframe;
  number: number;
  close: string;
}

/** Both venues on one port, doing only what a test says. Histories are kept as the venue would. */
export async function startScriptedVenue(port = 0) {
  const history = new Map<string, ScriptedBar[]>();
  const binanceSockets = new Set<WebSocket>();
  const pumpSockets = new Set<WebSocket>();
  const most = { binance: 0, pumpfun: 0 };
  const subscriptions: string[] = [];
  const watched = new Set<string>();
  const requests = { klines: 0 };
  let refusing = false;
  let venueTime = 1_000_000 * 60_000;

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://venue');
    switch (url.pathname) {
      case '/api/v3/time':
        return answer(response, { serverTime: venueTime });
      case '/api/v3/exchangeInfo':
        return answer(response, EXCHANGE_INFO);
      case '/api/v3/klines':
        requests.klines += 1;
        return answer(response, klines(url.searchParams));
      default:
        return answer(response, { code: -1, msg: 'not here' }, 404);
    }
  });
  const webSockets = new WebSocketServer({ server });
  webSockets.on('connection', (socket, request) => {
    if (refusing) socket.terminate();
    else if (request.url?.startsWith('/api/data')) acceptPump(socket);
    else acceptBinance(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));

  function acceptBinance(socket: WebSocket): void {
    binanceSockets.add(socket);
    most.binance = Math.max(most.binance, binanceSockets.size);
    socket.on('close', () => binanceSockets.delete(socket));
    socket.on('message', (data) => {
      const { method, params, id } = JSON.parse(String(data));
      if (method === 'SUBSCRIBE') subscriptions.push(...params);
      socket.send(JSON.stringify({ result: null, id }));
    });
  }

  function acceptPump(socket: WebSocket): void {
    pumpSockets.add(socket);
    most.pumpfun = Math.max(most.pumpfun, pumpSockets.size);
    socket.on('close', () => pumpSockets.delete(socket));
    socket.on('message', (data) => {
      const { method, keys = [] } = JSON.parse(String(data));
      for (const key of keys) {
        if (method === 'subscribeTokenTrade') watched.add(key);
        else watched.delete(key);
      }
      const message = ACKNOWLEDGEMENTS[method];
      socket.send(JSON.stringify(message ? { message } : { errors: 'Invalid message.' }));
    });
  }

  function klines(query: URLSearchParams): unknown[] {
    const timeframe = query.get('interval') as Timeframe;
    const from = Number(query.get('startTime') ?? 0);
    const to = Number(query.get('endTime') ?? Number.MAX_SAFE_INTEGER);
    const limit = Number(query.get('limit') ?? 500);
    const rows = (history.get(`${query.get('symbol')} ${timeframe}`) ?? [])
      .filter(
        ({ number }) => number * TIMEFRAME_MS[timeframe] >= from && number * TIMEFRAME_MS[timeframe] <= to,
      )
      .map(toRow);
    return query.has('startTime') ? rows.slice(0, limit) : rows.slice(-limit);
  }

  /** Adds a bar to the venue's history and moves its clock past the bar's close. */
  function record(bar: ScriptedBar): void {
    const key = `${bar.instrument} ${bar.timeframe}`;
    history.set(key, [...(history.get(key) ?? []), bar]);
    venueTime = Math.max(venueTime, (bar.number + 1) * TIMEFRAME_MS[bar.timeframe] + 10);
  }

  function send(bar: ScriptedBar, final: boolean, eventTime = venueTime): void {
    const text = JSON.stringify(toFrame(bar, final, eventTime));
    for (const socket of binanceSockets) socket.send(text);
  }

  return {
    port: (server.address() as AddressInfo).port,
    most,
    subscriptions,
    watched,
    binanceSockets,
    pumpSockets,
    record,
    /** A bar closes: it enters the history and its final frame is sent. */
    close(bar: ScriptedBar): void {
      record(bar);
      send(bar, true);
    },
    send,
    sendText(text: string): void {
      for (const socket of binanceSockets) socket.send(text);
    },
    pump(frame: object): void {
      for (const socket of pumpSockets) socket.send(JSON.stringify(frame));
    },
    requests,
    /** New sockets are cut at once. */
    refuse(on: boolean): void {
      refusing = on;
    },
    /** Cuts every socket without a close frame. */
    cut(): void {
      for (const socket of [...binanceSockets, ...pumpSockets]) socket.terminate();
    },
    async stop(): Promise<void> {
      for (const socket of webSockets.clients) socket.terminate();
      webSockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type ScriptedVenue = Awaited<ReturnType<typeof startScriptedVenue>>;

const ACKNOWLEDGEMENTS: Record<string, string> = {
  subscribeNewToken: 'Successfully subscribed to token creation events.',
  subscribeMigration: "Subscribed to 'migration' events.",
  subscribeTokenTrade: 'Successfully subscribed to keys.',
  unsubscribeTokenTrade: 'Unsubscribed.',
};

const EXCHANGE_INFO = {
  rateLimits: [],
  symbols: ['BTCUSDT', 'ETHUSDT'].map((symbol) => ({
    symbol,
    status: 'TRADING',
    baseAsset: symbol.slice(0, 3),
    quoteAsset: 'USDT',
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000', tickSize: '0.01000000' },
      { filterType: 'LOT_SIZE', minQty: '0.00001000', maxQty: '9000', stepSize: '0.00001000' },
      { filterType: 'NOTIONAL', minNotional: '5.00000000' },
    ],
  })),
};

function toRow({ timeframe, number, close }: ScriptedBar): unknown[] {
  const openTime = number * TIMEFRAME_MS[timeframe];
  const closeTime = openTime + TIMEFRAME_MS[timeframe] - 1;
  return [
    openTime,
    '100.00000000',
    '900.00000000',
    '1.00000000',
    close,
    '7.10000000',
    closeTime,
    '8.0',
    9,
    '1',
    '1',
    '0',
  ];
}

function toFrame(bar: ScriptedBar, final: boolean, eventTime: number): unknown {
  const [t, o, h, l, c, v, T, q, n] = toRow(bar);
  const { instrument: s, timeframe: i } = bar;
  return {
    stream: `${s.toLowerCase()}@kline_${i}`,
    data: {
      e: 'kline',
      E: eventTime,
      s,
      k: { t, T, s, i, f: 1, L: 9, o, c, h, l, v, n, x: final, q, V: '1', Q: '1', B: '0' },
    },
  };
}

function answer(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
