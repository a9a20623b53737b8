import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

/** Writes ready frames to one client. */
export interface FrameWriter {
  write(frame: Buffer): void;
  unsentBytes(): number;
}

/**
 * Writes past ws's sender: it would copy and frame the same bytes for every client again. Safe because no
 * compression is negotiated, so the sender itself writes at once and never holds frames back (ws 8.23; the
 * package is pinned, and the live tests get frames, pings and closes interleaved). Frames of one turn leave in one write.
 */
export function createFrameWriter(webSocket: WebSocket): FrameWriter {
  const socket = (webSocket as unknown as { _socket: Socket | null })._socket;
  let corked = false;

  return {
    write: (frame) => {
      if (!socket || socket.destroyed || webSocket.readyState !== webSocket.OPEN) return;
      if (!corked) {
        corked = true;
        socket.cork();
        process.nextTick(() => {
          corked = false;
          socket.uncork();
        });
      }
      socket.write(frame);
    },
    unsentBytes: () => webSocket.bufferedAmount,
  };
}
