import type { Channel } from '@onefeed/contracts';
import type { Bus, Subscription } from './bus.ts';
import type { Follower } from './follower.ts';

export interface FollowedStream<Row> {
  channel: Channel;
  stream: string;
  /** The rows an envelope's body carries; null when it carries none (too large to travel): the table is read. */
  rowsOf(body: unknown): readonly Row[] | null;
}

/** Feeds a follower from a stream of the bus. Every catch-up, the slow poll too, reads the table. */
export function followStream<Row>(
  bus: Bus,
  followed: FollowedStream<Row>,
  follower: Follower<Row>,
): Subscription {
  return bus.subscribe(followed.channel, {
    onEnvelope(envelope, contiguous) {
      if (envelope.stream !== followed.stream) return;
      const rows = envelope.body === null ? null : followed.rowsOf(envelope.body);
      if (rows) follower.offer(rows, contiguous);
      else follower.wake();
    },
    onCatchUp: () => follower.wake(),
  });
}
