import type { Channel, Envelope } from '@onefeed/contracts';

/** Why a subscriber should read its tables although no envelope told it to. */
export type CatchUpReason = 'start' | 'reconnect' | 'poll';

export interface BusSubscriber {
  /**
   * Called for each envelope of the channel, own ones too, in the order of its stream. `contiguous` is false when
   * envelopes of this stream were missed before this one (a gap or a new epoch): read the table from the cursor.
   * The body is null, or a valid message of the channel (`MarketMessage` on `market`, ...).
   */
  onEnvelope(envelope: Envelope, contiguous: boolean): void;
  /**
   * Envelopes of any stream may have been missed. `start` comes once LISTEN is registered (at once when it is);
   * the slow poll calls this even when all is well.
   */
  onCatchUp(reason: CatchUpReason): void;
}

export interface Subscription {
  unsubscribe(): void;
}

export interface BusHealth {
  /** True while LISTEN is registered and the publisher's connection is up. */
  connected: boolean;
  /** Why not, for /readyz. */
  reason: string | null;
}

/**
 * News between processes. A wake-up, never the truth: tables are. Nothing here throws on a lost connection;
 * subscribers are told to catch up instead.
 */
export interface Bus {
  /** Connects and listens. Resolves once the first LISTEN is registered; keeps trying until then. */
  start(): Promise<void>;
  /** Sends what is queued, then disconnects. Idempotent; when it resolves nothing is delivered any more. */
  stop(): Promise<void>;
  subscribe(channel: Channel, subscriber: BusSubscriber): Subscription;
  /**
   * Queues one envelope; coalesced with others for a few milliseconds. A body too large to travel is sent
   * empty (null) so that readers see the step and read the table. Before `start` and after `stop` nothing is sent.
   */
  publish(channel: Channel, stream: string, body: unknown): void;
  /** Queues a list as as many envelopes as its size needs; `wrap` makes the body of a part. */
  publishList<Item>(
    channel: Channel,
    stream: string,
    items: readonly Item[],
    wrap: (part: Item[]) => unknown,
  ): void;
  health(): BusHealth;
}
