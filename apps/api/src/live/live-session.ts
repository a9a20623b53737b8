import type { Caller } from '../http/caller.ts';

/** A connected client, SSE or WebSocket. */
export interface LiveSession {
  readonly kind: 'sse' | 'socket';
  readonly caller: Caller | null;
  readonly ip: string;
  subscriptions(): number;
  /** Those of candles: what /api/ws-stats counts. */
  candleSubscriptions(): number;
  /** Its user's bots or strategies changed: other signals may be visible now. */
  audienceChanged(): void;
  /** Ends it because the process stops. */
  close(): void;
  /** Called once a second: expiry, heartbeats, readers that stopped reading. */
  sweep(nowMs: number): void;
}
