/** A reader of one durable, commit-ordered table that is woken by the bus. */
export interface Follower<Row> {
  /** Rows that came inline with an envelope; applied directly when nothing was missed before them. */
  offer(rows: readonly Row[], contiguous: boolean): void;
  /** Read the table from the cursor. */
  wake(): void;
  /** Cursor of the last row applied. */
  cursor(): bigint;
  /** Resolves when every row known of at the call has been applied. */
  settled(): Promise<void>;
  /** Stops reading; resolves when a running apply has ended. */
  stop(): Promise<void>;
}

export interface FollowerOptions<Row> {
  /** For logs. */
  name: string;
  /** Cursor of the last row already applied. */
  start: bigint;
  cursorOf(row: Row): bigint;
  /** Rows after the cursor, ascending, at most `limit`. */
  readAfter(cursor: bigint, limit: number): Promise<Row[]>;
  /** Applies rows in order; called once at a time; the cursor moves only when it resolves. */
  apply(rows: Row[]): Promise<void>;
  /** Told of each failed read or apply; the follower then tries again with backoff, from the table. */
  onError(error: unknown): void;
}
