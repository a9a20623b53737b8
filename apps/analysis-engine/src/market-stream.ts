import { type Bus, createFollower, type Follower, followStream } from '@onefeed/bus';
import type { EngineMetrics } from './metrics.ts';
import type { TermScope } from './term-scope.ts';

export interface MarketStream<Row> {
  stream: string;
  /** seq of the last row already taken. */
  start: number;
  readAfter(cursor: bigint, limit: number): Promise<Row[]>;
  /** The rows of an envelope's body; null when it carries none. */
  rowsOf(body: unknown): Row[] | null;
  /** Takes rows and stores what they make. Its failure ends the term. */
  apply(rows: Row[]): Promise<void>;
}

/**
 * Follows one stream of the market until the term ends. A batch that failed is not tried again within the term:
 * its first try may have changed the state, and the second would then make no signals of it and pass it over.
 */
export function followMarketStream<Row extends { seq: number }>(
  { bus, metrics, scope }: { bus: Bus; metrics: EngineMetrics; scope: TermScope },
  { stream, start, readAfter, rowsOf, apply }: MarketStream<Row>,
): Follower<Row> {
  const follower = createFollower<Row>({
    name: stream,
    start: BigInt(start),
    cursorOf: (row) => BigInt(row.seq),
    readAfter,
    async apply(rows) {
      scope.signal.throwIfAborted();
      const endTimer = metrics.batchSeconds.startTimer({ stream });
      await apply(rows);
      endTimer();
    },
    onError: scope.fail,
  });
  const subscription = followStream(bus, { channel: 'market', stream, rowsOf }, follower);
  scope.hold(async () => {
    subscription.unsubscribe();
    await follower.stop();
  });
  follower.wake();
  return follower;
}
