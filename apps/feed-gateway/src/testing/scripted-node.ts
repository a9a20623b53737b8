import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** A Solana node that does only what a test says: accounts over HTTP, logs over its websocket, one port. */
export async function startScriptedNode() {
  /** Data of accounts by address. */
  const accounts = new Map<string, Buffer>();
  const sockets = new Set<WebSocket>();
  let reads = 0;
  let slot = 1;

  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { params, id } = JSON.parse(text);
    reads += 1;
    const value = (params[0] as string[]).map((address) => {
      const data = accounts.get(address);
      return data === undefined
        ? null
        : { owner: '6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P', data: [data.toString('base64'), 'base64'] };
    });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result: { context: { slot }, value } }));
  });
  const webSockets = new WebSocketServer({ server });
  webSockets.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('message', (data) => {
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(String(data)).id, result: 9 }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    port: (server.address() as AddressInfo).port,
    accounts,
    sockets,
    reads: () => reads,
    /** A transaction of the pump.fun program that logs these events. */
    log(signature: string, ...events: Buffer[]): void {
      slot += 1;
      const program = '6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P';
      const lines = events.map((event) => `Program data: ${event.toString('base64')}`);
      const logs = [`Program ${program} invoke [1]`, ...lines, `Program ${program} success`];
      const result = { context: { slot }, value: { signature, err: null, logs } };
      const frame = { jsonrpc: '2.0', method: 'logsNotification', params: { subscription: 9, result } };
      for (const socket of sockets) socket.send(JSON.stringify(frame));
    },
    async stop(): Promise<void> {
      for (const socket of webSockets.clients) socket.terminate();
      webSockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type ScriptedNode = Awaited<ReturnType<typeof startScriptedNode>>;
