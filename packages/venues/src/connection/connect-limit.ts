import type { Clock } from './clock.ts';
import type { OpenSocket } from './socket.ts';

/** At most `max` connection attempts in any `windowMs`. */
export interface ConnectLimit {
  max: number;
  windowMs: number;
}

/**
 * An `openSocket` that keeps a venue's limit of connection attempts, shared by all who use it: an attempt past
 * the limit opens when the oldest of the window has left it. Closing one that waits ends the wait.
 */
export function limitConnects(openSocket: OpenSocket, clock: Clock, limit: ConnectLimit): OpenSocket {
  /** Times of the attempts of the window, those still to come included; never more than wait or count. */
  let attempts: number[] = [];

  return (url, handlers) => {
    const now = clock.now();
    attempts = attempts.filter((at) => at > now - limit.windowMs);
    const blocking = attempts[attempts.length - limit.max];
    const at = blocking === undefined ? now : blocking + limit.windowMs;
    attempts.push(at);
    if (at <= now) return openSocket(url, handlers);
    let opened: ReturnType<OpenSocket> | null = null;
    let closed = false;
    const cancel = clock.after(at - now, () => {
      opened = openSocket(url, handlers);
    });
    const giveUp = () => {
      if (closed) return;
      closed = true;
      cancel();
      attempts.splice(attempts.lastIndexOf(at), 1);
      handlers.onClose(1006, 'closed before it was opened');
    };
    return {
      send: (text) => opened?.send(text),
      ping: () => opened?.ping(),
      close: () => (opened === null ? giveUp() : opened.close()),
      terminate: () => (opened === null ? giveUp() : opened.terminate()),
    };
  };
}
