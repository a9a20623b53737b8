/** The venue answered the handshake with an HTTP status instead of a socket. */
export interface HandshakeRefusal {
  status: number;
  /** From its Retry-After header; null when it gave none. */
  retryAfterMs: number | null;
}

/** What a socket tells. After `onClose` it tells nothing more. */
export interface SocketHandlers {
  onOpen(): void;
  onText(text: string): void;
  /** A frame that is not text; no venue sends such, so its content is not kept. */
  onBinary(): void;
  /** A ping or pong came: the line is alive. Pings are answered by the socket itself, with their payload. */
  onHeartbeat(): void;
  onClose(code: number, reason: string, refusal?: HandshakeRefusal): void;
}

/** One WebSocket to a venue. */
export interface Socket {
  /** Passes over silently once the socket is closed: `onClose` has told so. */
  send(text: string): void;
  ping(): void;
  /** Closes, by force if the other side does not answer soon. `onClose` follows when it is really closed. */
  close(): void;
  /** Destroys it at once, without a word to the other side: afterwards it holds no connection any more. */
  terminate(): void;
}

/** Starts to open a socket; never throws, failure is `onClose`. */
export type OpenSocket = (url: string, handlers: SocketHandlers) => Socket;
