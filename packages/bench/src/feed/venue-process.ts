// A process of its own: a venue that sends bars of as many streams as asked for, at the rate its parent sets.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { INTERVALS, intervalOf, klineRow, klineText, symbolOf } from './kline-text.ts';
import { toVenueTime } from './venue-clock.ts';

const TICK_MS = 5;
/** After a longer stall the rate is not made up for. */
const MAX_CATCH_UP_MS = 200;
/** What may wait in the socket when it sends as fast as it can. */
const MAX_BUFFERED_BYTES = 1_048_576;

const streams = Number(process.argv[2]);
const startedAt = Number(process.argv[3]);
const venueNow = () => toVenueTime(Date.now(), startedAt);
/** Open time of the bar each stream is in. */
const openTimes = new Float64Array(streams);
/** Frames a second; Infinity is as fast as the socket takes them. */
let rate = 0;
let due = 0;
let tickedAt = performance.now();
let next = 0;
let client: WebSocket | undefined;

function sendOne(socket: WebSocket): void {
  const now = venueNow();
  const index = next;
  next = (next + 1) % streams;
  const { lengthMs } = intervalOf(index);
  const current = now - (now % lengthMs);
  const openTime = openTimes[index] || current;
  const isFinal = openTime < current;
  openTimes[index] = isFinal ? openTime + lengthMs : openTime;
  socket.send(klineText(index, openTime, now, isFinal, Date.now()));
}

function tick(): void {
  const now = performance.now();
  const elapsedMs = Math.min(now - tickedAt, MAX_CATCH_UP_MS);
  tickedAt = now;
  if (client !== undefined && rate > 0) {
    if (rate === Infinity) {
      for (let count = 0; count < 2_000 && client.bufferedAmount < MAX_BUFFERED_BYTES; count += 1)
        sendOne(client);
    } else {
      for (due += (rate * elapsedMs) / 1_000; due >= 1; due -= 1) sendOne(client);
    }
  }
  if (rate === Infinity) setImmediate(tick);
  else setTimeout(tick, TICK_MS);
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://venue');
  const answer = (body: unknown) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  if (url.pathname.endsWith('/time')) return answer({ serverTime: venueNow() });
  if (url.pathname.endsWith('/exchangeInfo')) return answer(exchangeInfo());
  const now = venueNow();
  const limit = Number(url.searchParams.get('limit') ?? 500);
  const interval = url.searchParams.get('interval');
  const lengthMs = INTERVALS.find(({ name }) => name === interval)?.lengthMs ?? INTERVALS[0].lengthMs;
  const newest = now - (now % lengthMs);
  const from = Number(url.searchParams.get('startTime') ?? newest - (limit - 1) * lengthMs);
  const rows: unknown[] = [];
  for (let at = Math.ceil(from / lengthMs) * lengthMs; at <= newest && rows.length < limit; at += lengthMs) {
    rows.push(klineRow(at, lengthMs));
  }
  answer(rows);
});

function exchangeInfo() {
  const symbols = Array.from({ length: streams / 2 }, (_, index) => ({
    symbol: symbolOf(2 * index),
    status: 'TRADING',
    baseAsset: symbolOf(2 * index).slice(0, -4),
    quoteAsset: 'USDT',
    isSpotTradingAllowed: true,
    filters: [
      {
        filterType: 'PRICE_FILTER',
        minPrice: '0.01000000',
        maxPrice: '1000000.00000000',
        tickSize: '0.01000000',
      },
      { filterType: 'LOT_SIZE', minQty: '0.00001000', maxQty: '9000.00000000', stepSize: '0.00001000' },
      { filterType: 'NOTIONAL', minNotional: '5.00000000', applyMinToMarket: true },
    ],
  }));
  const rateLimits = [
    { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 1_000_000 },
  ];
  return { timezone: 'UTC', serverTime: venueNow(), rateLimits, exchangeFilters: [], symbols };
}

new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
  client = socket;
  socket.on('message', (data) => {
    const { id } = JSON.parse(String(data)) as { id: number };
    socket.send(JSON.stringify({ result: null, id }));
  });
  socket.on('close', () => {
    if (client === socket) client = undefined;
  });
  socket.on('error', () => {});
});
process.on('message', (message: { rate: number | 'flood' }) => {
  rate = message.rate === 'flood' ? Infinity : message.rate;
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
  tick();
});
