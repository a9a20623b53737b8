import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createEventMonitor } from '@onefeed/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { createSimClock } from '../clock.ts';
import { createSeededMarket } from '../market/seeded-market.ts';
import { createKlineFeed } from './kline-feed.ts';
import { type KeepAlive, serveStreamConnection } from './stream-connection.ts';

// Much work or real sockets: a busy machine takes longer than the default allows.
vi.setConfig({ testTimeout: 30_000 });

const servers: WebSocketServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function connect(keepAlive: Partial<KeepAlive>, autoPong: boolean) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  servers.push(server);
  await once(server, 'listening');
  const clock = createSimClock({ startAt: 0, speed: 1, wallNow: () => performance.now() });
  const deps = {
    feed: createKlineFeed({ source: createSeededMarket(1), clock, seed: 1 }),
    keepAlive: { pingEveryMs: 20, pongTimeoutMs: 60, lifetimeMs: 60_000, ...keepAlive },
    wallNow: () => performance.now(),
    isSilent: () => false,
    isGone: () => false,
    onFrame: () => {},
    onViolation: () => {},
  };
  server.on('connection', (socket) =>
    serveStreamConnection(deps, socket, { combined: false, microseconds: false }, []),
  );
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, { autoPong });
  const events = createEventMonitor<{ type: string; detail: unknown }>('client');
  socket.on('ping', (payload) => events.push({ type: 'ping', detail: payload.toString() }));
  socket.on('close', (code, reason) => events.push({ type: 'close', detail: [code, reason.toString()] }));
  return events;
}

describe('keeping a connection alive', () => {
  it('pings with a payload and closes with 1008 when no pong comes', async () => {
    const events = await connect({}, false);
    expect((await events.awaitNext(({ type }) => type === 'ping')).detail).toMatch(/^\d+$/);
    const { detail } = await events.awaitNext(({ type }) => type === 'close');
    expect(detail).toEqual([1008, 'Pong timeout']);
  });

  it('ends every connection at the end of its life, without a close frame', async () => {
    const events = await connect({ lifetimeMs: 300, pingEveryMs: 60_000 }, true);
    const { detail } = await events.awaitNext(({ type }) => type === 'close');
    expect(detail).toEqual([1006, '']);
  });
});
