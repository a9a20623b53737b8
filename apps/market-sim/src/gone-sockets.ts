import type { WebSocket } from 'ws';

/** Sockets whose venue side is as if unplugged: open for TCP, but nothing is sent or heard any more. */
export interface GoneSockets {
  vanish(socket: WebSocket): void;
  has(socket: WebSocket): boolean;
}

export function createGoneSockets(): GoneSockets {
  const gone = new WeakSet<WebSocket>();
  return { vanish: (socket) => void gone.add(socket), has: (socket) => gone.has(socket) };
}
