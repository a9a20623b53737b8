import type { WebSocket } from 'ws';
import { initialForm } from './control-frame.ts';
import {
  type StreamConnection,
  type StreamConnectionDeps,
  serveStreamConnection,
} from './stream-connection.ts';

export interface BinanceStreams {
  /** Serves `/ws`, `/ws/<stream>` or `/stream?streams=a/b`. */
  serve(socket: WebSocket, url: URL): void;
  /** Sends `serverShutdown` to every client, as before a planned restart. */
  announceShutdown(eventTime: number): void;
  /** Cuts the connections older than `lifetimeMs` of wall time, without a close frame. */
  expire(lifetimeMs: number): number;
  /** What a connection follows and how it wants its events; undefined for a socket that is not one. */
  connection(socket: WebSocket): StreamConnection | undefined;
}

/** Binance's stream server: any number of clients. */
export function createBinanceStreams(deps: StreamConnectionDeps): BinanceStreams {
  const connections = new Map<WebSocket, StreamConnection>();
  return {
    serve(socket, url) {
      const form = initialForm(url.pathname, url.searchParams);
      connections.set(socket, serveStreamConnection(deps, socket, form, initialStreams(url)));
      socket.once('close', () => connections.delete(socket));
    },
    announceShutdown(eventTime) {
      for (const connection of connections.values()) connection.announceShutdown(eventTime);
    },
    expire(lifetimeMs) {
      const bornBefore = deps.wallNow() - lifetimeMs;
      const old = [...connections].filter(([, { openedAt }]) => openedAt < bornBefore);
      for (const [socket] of old) socket.terminate();
      return old.length;
    },
    connection: (socket) => connections.get(socket),
  };
}

function initialStreams(url: URL): string[] {
  const text = url.pathname.startsWith('/ws/')
    ? url.pathname.slice('/ws/'.length).replaceAll('%2B', '+').replaceAll('%40', '@')
    : streamsParameter(url.search);
  return text.split('/').filter((name) => name !== '');
}

/** Read by hand: in `streams=btcusdt@kline_1d@+08:00` the plus is meant as a plus. */
function streamsParameter(search: string): string {
  const value = /[?&]streams=([^&]*)/.exec(search)?.[1] ?? '';
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
