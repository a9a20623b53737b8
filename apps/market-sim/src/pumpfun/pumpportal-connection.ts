import type { RawData, WebSocket } from 'ws';
import {
  ACK_KEYS,
  ACK_MIGRATION,
  ACK_NEW_TOKEN,
  ACK_UNSUBSCRIBED,
  INVALID_MESSAGE,
  type PumpPortalRequest,
  parsePumpPortalRequest,
  REFUSED_WITHOUT_KEY,
} from './pumpportal-message.ts';
import type { TokenEvent } from './token-life.ts';

/** Observed: acks come about 110 ms after the request, with events in between. */
export const ACK_DELAY_MS = 110;
const MAX_KEYS_PER_MESSAGE = 5_000;
const MAX_MESSAGES_PER_SECOND = 200;
/** Keys one connection may follow; more are ignored and counted as a violation. */
const MAX_KEYS = 100_000;
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;
const CLOSE_POLICY = 1008;

export type FrameKind = 'create' | 'trade' | 'migrate' | 'reply';

export interface PumpPortalConnectionDeps {
  /** Whether the connection came with a funded key: only then trades are sent. */
  keyed: boolean;
  ackDelayMs: number;
  wallNow: () => number;
  isSilent: () => boolean;
  /** Whether trade subscriptions are refused as for a key without funds. */
  refusesTrades: () => boolean;
  /** Whether trades are withheld although subscribed: the key ran dry. */
  withholdsTrades: () => boolean;
  /** Whether the venue's side of the connection is as if unplugged. */
  isGone: (socket: WebSocket) => boolean;
  onFrame(kind: FrameKind): void;
  onViolation(kind: string): void;
}

export interface PumpPortalConnection {
  deliver(event: TokenEvent): void;
}

/** Serves one client of `/api/data` until its socket closes. */
export function servePumpPortalConnection(
  deps: PumpPortalConnectionDeps,
  socket: WebSocket,
): PumpPortalConnection {
  const mints = new Set<string>();
  const accounts = new Set<string>();
  const pendingAcks = new Set<NodeJS.Timeout>();
  let creates = false;
  let migrations = false;
  let windowFrom = deps.wallNow();
  let inWindow = 0;

  function send(text: string, kind: FrameKind) {
    if (socket.readyState !== socket.OPEN || deps.isGone(socket)) return;
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) return socket.terminate();
    socket.send(text);
    deps.onFrame(kind);
  }

  function acknowledge(text: string): void {
    const timer = setTimeout(() => {
      pendingAcks.delete(timer);
      send(text, 'reply');
    }, deps.ackDelayMs);
    pendingAcks.add(timer);
  }

  function follow(followed: Set<string>, keys: readonly string[]) {
    if (keys.length > MAX_KEYS_PER_MESSAGE) deps.onViolation('too many keys in a message');
    for (const key of keys.slice(0, MAX_KEYS_PER_MESSAGE)) {
      if (followed.size < MAX_KEYS) followed.add(key);
      else return deps.onViolation('too many keys');
    }
  }

  /** Does what is asked and gives the ack. */
  function handle(request: PumpPortalRequest): string {
    switch (request.method) {
      case 'subscribeNewToken':
        creates = true;
        return ACK_NEW_TOKEN;
      case 'subscribeMigration':
        migrations = true;
        return ACK_MIGRATION;
      case 'unsubscribeNewToken':
        creates = false;
        return ACK_UNSUBSCRIBED;
      case 'subscribeTokenTrade':
      case 'subscribeAccountTrade':
        if (!deps.keyed || deps.refusesTrades()) return REFUSED_WITHOUT_KEY;
        follow(request.method === 'subscribeTokenTrade' ? mints : accounts, request.keys);
        return ACK_KEYS;
      case 'unsubscribeTokenTrade':
      case 'unsubscribeAccountTrade': {
        const followed = request.method === 'unsubscribeTokenTrade' ? mints : accounts;
        for (const key of request.keys) followed.delete(key);
        return ACK_UNSUBSCRIBED;
      }
    }
  }

  function withinRate(): boolean {
    const now = deps.wallNow();
    if (now - windowFrom >= 1_000) {
      windowFrom = now;
      inWindow = 0;
    }
    inWindow += 1;
    if (inWindow <= MAX_MESSAGES_PER_SECOND) return true;
    deps.onViolation('too many messages');
    socket.close(CLOSE_POLICY, 'Too many messages');
    return false;
  }

  socket.on('message', (data: RawData) => {
    if (socket.readyState !== socket.OPEN || deps.isGone(socket) || !withinRate()) return;
    const request = parsePumpPortalRequest(data.toString());
    acknowledge(request ? handle(request) : INVALID_MESSAGE);
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    for (const timer of pendingAcks) clearTimeout(timer);
  });

  return {
    deliver(event) {
      if (deps.isSilent()) return;
      const wanted =
        event.kind === 'create'
          ? creates
          : event.kind === 'migrate'
            ? migrations
            : !deps.withholdsTrades() && (mints.has(event.mint) || accounts.has(event.trader));
      if (wanted) send(event.text, event.kind);
    },
  };
}
