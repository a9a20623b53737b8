import { WebSocket } from 'ws';
import type { HandshakeRefusal, OpenSocket, Socket, SocketHandlers } from './socket.ts';

const HANDSHAKE_TIMEOUT_MS = 10_000;
const CLOSE_GRACE_MS = 1_000;
/** Venue frames are below 2 KB; whoever sends more is not the venue. */
const MAX_FRAME_BYTES = 1_048_576;

/** Opens sockets with the `ws` library. */
export const openWsSocket: OpenSocket = (url, handlers) => {
  const socket = create(url);
  if (socket instanceof Error) {
    queueMicrotask(() => handlers.onClose(1006, socket.message));
    return { send() {}, ping() {}, close() {}, terminate() {} };
  }
  return attach(socket, handlers);
};

function create(url: string): WebSocket | Error {
  try {
    return new WebSocket(url, {
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      maxPayload: MAX_FRAME_BYTES,
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function attach(socket: WebSocket, handlers: SocketHandlers): Socket {
  let failure = '';
  let refusal: HandshakeRefusal | undefined;
  let forced: NodeJS.Timeout | undefined;
  socket.on('open', () => handlers.onOpen());
  socket.on('message', (data, isBinary) => {
    if (isBinary) handlers.onBinary();
    else handlers.onText(String(data));
  });
  socket.on('ping', () => handlers.onHeartbeat());
  socket.on('pong', () => handlers.onHeartbeat());
  socket.on('unexpected-response', (_request, response) => {
    const status = response.statusCode ?? 0;
    const retryAfterSeconds = Number(response.headers['retry-after'] ?? Number.NaN);
    refusal = { status, retryAfterMs: retryAfterSeconds >= 0 ? retryAfterSeconds * 1_000 : null };
    failure = `the handshake was answered with ${status}`;
    response.resume();
    socket.terminate();
  });
  // An error is always followed by close; it only gives the reason.
  socket.on('error', (error) => {
    failure ||= error.message;
  });
  socket.on('close', (code, reason) => {
    clearTimeout(forced);
    handlers.onClose(code, failure || String(reason), refusal);
  });
  return {
    send(text) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    ping() {
      if (socket.readyState === WebSocket.OPEN) socket.ping();
    },
    close() {
      if (socket.readyState === WebSocket.CONNECTING) return socket.terminate();
      socket.close(1000);
      forced ??= setTimeout(() => socket.terminate(), CLOSE_GRACE_MS);
    },
    terminate: () => socket.terminate(),
  };
}
