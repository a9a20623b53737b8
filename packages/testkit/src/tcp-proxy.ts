import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A wire to a server that can be cut, frozen and mended; for tests of what a client does then. */
export interface TcpProxy {
  /** The server's address with the proxy's host and port in it. */
  url: string;
  /** Ends every connection and refuses new ones. */
  refuse(): void;
  /** Keeps connections, and accepts new ones, but no byte passes any more: a dead network. */
  freeze(): void;
  /** New connections pass again; frozen ones are ended. */
  pass(): void;
  /** Connections made through it so far. */
  connections(): number;
  close(): Promise<void>;
}

/** Takes the address of a server (`postgres://...@host:port/...`). Starts passing. */
export async function createTcpProxy(serverUrl: string): Promise<TcpProxy> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let mode: 'pass' | 'refuse' | 'freeze' = 'pass';
  let connections = 0;

  const server = createServer((client) => {
    connections += 1;
    track(client);
    if (mode === 'refuse') return void client.destroy();
    if (mode === 'freeze') return void client.pause();
    const upstream = connect({ host: target.hostname, port: Number(target.port) });
    track(upstream);
    client.pipe(upstream);
    upstream.pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });

  function track(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  }

  function endAll(): void {
    for (const socket of [...sockets]) socket.destroy();
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(serverUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);

  return {
    url: url.href,
    refuse() {
      mode = 'refuse';
      endAll();
    },
    freeze() {
      mode = 'freeze';
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
      }
    },
    pass() {
      if (mode === 'freeze') endAll();
      mode = 'pass';
    },
    connections: () => connections,
    async close() {
      endAll();
      server.close();
      await once(server, 'close');
    },
  };
}
