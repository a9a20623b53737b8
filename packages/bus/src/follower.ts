import { createBackoff, pause } from './backoff.ts';

/**
 * A reader of one durable, commit-ordered table that is woken by the bus. Its cursors have no holes: the writer
 * numbers its rows one after the other.
 */
export interface Follower<Row> {
  /**
   * Rows that came inline with an envelope, ascending; applied directly when nothing was missed before them.
   * The first offer of a follower's life reads the table instead: what came before it is unknown.
   */
  offer(rows: readonly Row[], contiguous: boolean): void;
  /** Read the table from the cursor. */
  wake(): void;
  /** Cursor of the last row applied. */
  cursor(): bigint;
  /** Resolves when every row known of at the call has been applied, or the follower was stopped. */
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
  /** Uniform in [0, 1): jitter of the retries. */
  random?: () => number;
  /** Waits before a retry; ends early when the signal aborts. */
  wait?(delayMs: number, signal: AbortSignal): Promise<void>;
}

const PAGE_ROWS = 1_000;
/** Inline rows waiting while an apply runs; past this they are dropped and read from the table instead. */
const MAX_WAITING_ROWS = 10_000;

/**
 * Follows a table: inline rows when nothing was missed, the table otherwise. Rows are applied exactly once per
 * life and in order, whatever comes. Does no I/O before the first `offer` or `wake`.
 *
 * Why it is right: a row is in its table before it is offered. So a read that starts now covers every row offered
 * so far, and inline rows that are contiguous with what a running read covers may be applied after it. Contiguous
 * envelopes alone do not prove that no row lies between them: a writer that lost its connection at the commit does not
 * know that its rows are stored and never tells of them. So inline rows are applied only when they are the very next.
 */
export function createFollower<Row>(options: FollowerOptions<Row>): Follower<Row> {
  const { cursorOf, readAfter, apply, onError, random = Math.random, wait = pause } = options;
  const backoff = createBackoff(100, 10_000, random);
  const stopping = new AbortController();
  let cursor = options.start;
  let inline: Row[] = [];
  let mustRead = false;
  let synced = false;
  let running: Promise<void> | undefined;
  let busy = false;
  /** Counts offers and wakes; those up to `answered` are applied. */
  let asked = 0;
  let answered = 0;
  let waiters: { target: number; resolve: () => void }[] = [];

  function answer(upTo: number): void {
    answered = upTo;
    const done = waiters.filter((waiter) => waiter.target <= answered);
    waiters = waiters.filter((waiter) => waiter.target > answered);
    for (const waiter of done) waiter.resolve();
  }

  async function applyRows(rows: readonly Row[]): Promise<void> {
    const fresh = rows.filter((row) => cursorOf(row) > cursor);
    const last = fresh.at(-1);
    if (last === undefined) return;
    await apply(fresh);
    cursor = cursorOf(last);
  }

  /** True when the table must hold rows between the cursor and the last of these that are not among them. */
  function hasHole(rows: readonly Row[]): boolean {
    const fresh = rows.filter((row) => cursorOf(row) > cursor);
    const last = fresh.at(-1);
    return last !== undefined && cursorOf(last) - cursor !== BigInt(fresh.length);
  }

  async function readTable(): Promise<void> {
    for (;;) {
      const before = cursor;
      const rows = await readAfter(cursor, PAGE_ROWS);
      if (stopping.signal.aborted) return;
      if (!isAscending(rows, cursorOf)) throw new Error(`${options.name}: the table was read out of order`);
      await applyRows(rows);
      if (stopping.signal.aborted || rows.length < PAGE_ROWS) return;
      if (cursor === before) throw new Error(`${options.name}: a full page brought no new row`);
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted && (mustRead || inline.length > 0)) {
      const upTo = asked;
      const rows = inline;
      inline = [];
      try {
        if (mustRead) {
          mustRead = false;
          await readTable();
        } else if (hasHole(rows)) {
          mustRead = true;
          continue;
        } else {
          await applyRows(rows);
        }
        backoff.reset();
        if (!stopping.signal.aborted) answer(upTo);
      } catch (error) {
        inline = [];
        mustRead = true;
        if (stopping.signal.aborted) break;
        onError(error);
        await wait(backoff.nextMs(), stopping.signal);
      }
    }
    busy = false;
    answer(asked);
  }

  function ask(): void {
    asked += 1;
    if (busy) return;
    busy = true;
    running = run();
  }

  return {
    offer(rows, contiguous) {
      if (stopping.signal.aborted) return;
      const direct = contiguous && synced && !mustRead && inline.length + rows.length <= MAX_WAITING_ROWS;
      synced = true;
      if (direct && isAscending(rows, cursorOf)) {
        for (const row of rows) inline.push(row);
      } else {
        mustRead = true;
        inline = [];
      }
      ask();
    },
    wake() {
      if (stopping.signal.aborted) return;
      synced = true;
      mustRead = true;
      inline = [];
      ask();
    },
    cursor: () => cursor,
    settled() {
      if (answered >= asked) return Promise.resolve();
      const target = asked;
      return new Promise((resolve) => waiters.push({ target, resolve }));
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function isAscending<Row>(rows: readonly Row[], cursorOf: (row: Row) => bigint): boolean {
  let last: bigint | undefined;
  for (const row of rows) {
    const cursor = cursorOf(row);
    if (last !== undefined && cursor <= last) return false;
    last = cursor;
  }
  return true;
}
