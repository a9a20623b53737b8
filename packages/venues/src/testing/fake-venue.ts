import type { Clock } from '../connection/clock.ts';
import type { OpenSocket, SocketHandlers } from '../connection/socket.ts';

/** Timers that run when a test says so. */
export function createManualClock(startMs = 1_700_000_000_000) {
  let now = startMs;
  let lastId = 0;
  const timers = new Map<number, { at: number; run: () => void }>();
  const clock: Clock = {
    now: () => now,
    after(delayMs, run) {
      const id = ++lastId;
      timers.set(id, { at: now + delayMs, run });
      return () => timers.delete(id);
    },
  };
  return {
    ...clock,
    /** Lets time pass; timers run in the order they fall due. */
    advance(ms: number): void {
      const until = now + ms;
      for (;;) {
        const due = [...timers].filter(([, timer]) => timer.at <= until).sort((a, b) => a[1].at - b[1].at)[0];
        if (!due) break;
        timers.delete(due[0]);
        now = Math.max(now, due[1].at);
        due[1].run();
      }
      now = until;
    },
    pending: () => timers.size,
  };
}

/** A socket as the venue sees it. */
export interface FakeSocket {
  url: string;
  sent: string[];
  pings: number;
  /** Our side asked to close it. */
  closing: boolean;
  /** Our side destroyed it. */
  terminated: boolean;
  closed: boolean;
  handlers: SocketHandlers;
  /** The venue closes, or answers our close. */
  close(code?: number, reason?: string): void;
}

/**
 * A venue that does nothing by itself. Throws when more than `most` sockets are neither closed nor destroyed at once
 * (I1).
 */
export function createFakeVenue(most = 1) {
  const sockets: FakeSocket[] = [];
  const openSocket: OpenSocket = (url, handlers) => {
    if (sockets.filter((socket) => !socket.closed && !socket.terminated).length >= most)
      throw new Error(`more than ${most} sockets at once`);
    const socket: FakeSocket = {
      url,
      sent: [],
      pings: 0,
      closing: false,
      terminated: false,
      closed: false,
      handlers,
      close(code = 1006, reason = '') {
        if (socket.closed) return;
        socket.closed = true;
        handlers.onClose(code, reason);
      },
    };
    sockets.push(socket);
    return {
      send: (text) => void socket.sent.push(text),
      ping: () => {
        socket.pings += 1;
      },
      close: () => {
        socket.closing = true;
      },
      terminate: () => {
        socket.terminated = true;
      },
    };
  };
  return {
    openSocket,
    sockets,
    /** The newest socket. */
    socket(): FakeSocket {
      const last = sockets.at(-1);
      if (!last) throw new Error('no socket was opened');
      return last;
    },
  };
}
