import { createBackoff } from './backoff.ts';
import { keepLockSession, type LockSession } from './lock-session.ts';
import { pause } from './pause.ts';

/** What the owner of a shard is given. */
export interface ShardTerm {
  shard: number;
  /** `bot_shards.epoch`: rises with every new owner. Every write of the shard is fenced with it. */
  epoch: number;
  /** Aborted the moment the shard may be another's: stop acting at once. */
  signal: AbortSignal;
}

export interface ShardLocksOptions {
  databaseUrl: string;
  /** Shards are numbered 0 .. shards - 1. */
  shards: number;
  /** Name of the process life, shown in pg_stat_activity. */
  holder: string;
  /** The shard is this process's from now on. Not awaited; errors go to `onError`. */
  onAcquired(term: ShardTerm): void | Promise<void>;
  /**
   * The shard is no longer this process's (its `signal` has aborted). Awaited before the lock is given to
   * another when it is given back in order: let running work of the shard end here.
   */
  onLost(shard: number): void | Promise<void>;
  onError(error: unknown): void;
  /** Uniform in [0, 1). */
  random?: () => number;
}

/** Splits N shards among the processes that live; see `createShardLocks`. */
export interface ShardLocks {
  /** Begins to compete and returns: an unreachable database is waited for. */
  start(): Promise<void>;
  /** Gives every shard back, in order, and stops competing. */
  stop(): Promise<void>;
  owned(): number[];
}

const ROUND_MS = 1_000;

/** Class of the two-key advisory locks: 'onef' as a number. Key 0..N-1 are shards, -1 counts the living. */
const LOCK_CLASS = 0x6f6e6566;
const COUNT_ME = 'select pg_advisory_lock_shared($1, -1)';
/** Sessions holding the shared lock in this database: the processes that compete. objid is unsigned. */
const COUNT_ALL = `
  select count(distinct pid)::int as count from pg_locks
  where locktype = 'advisory' and classid = $1 and objid = 4294967295 and objsubid = 2 and granted
    and database = (select oid from pg_database where datname = current_database())`;
const TRY_LOCK = 'select pg_try_advisory_lock($1, $2) as locked';
const UNLOCK = 'select pg_advisory_unlock($1, $2)';
const RAISE_EPOCH = `
  insert into bot_shards (shard, epoch) values ($1, 1)
  on conflict (shard) do update set epoch = bot_shards.epoch + 1
  returning epoch`;

/**
 * Takes free shards up to a fair share, ceil(shards / living processes), and gives back what is above it, one a
 * second. All locks are on one connection: losing it loses every shard at once. A dead owner's shards are free
 * within 6 s, frozen ones included (see `openLockSession`).
 */
export function createShardLocks(options: ShardLocksOptions): ShardLocks {
  const { databaseUrl, shards, onError, random = Math.random } = options;
  const stopping = new AbortController();
  const terms = new Map<number, AbortController>();
  let running: Promise<void> | undefined;

  async function hold(session: LockSession, works: () => void): Promise<void> {
    const loseAll = () => {
      for (const term of terms.values()) term.abort();
    };
    session.lost.addEventListener('abort', loseAll);
    const ended = AbortSignal.any([session.lost, stopping.signal]);
    try {
      await session.query(COUNT_ME, [LOCK_CLASS]);
      while (!ended.aborted) {
        await round(session, ended);
        works();
        await pause(ROUND_MS * (0.75 + random() / 4), ended);
      }
      if (!stopping.signal.aborted) session.lost.throwIfAborted();
    } finally {
      // In order while the session stands; after its loss this only tells the owner.
      await Promise.all([...terms.keys()].map(end));
      session.lost.removeEventListener('abort', loseAll);
    }
  }

  async function round(session: LockSession, ended: AbortSignal): Promise<void> {
    const [living] = await session.query<{ count: number }>(COUNT_ALL, [LOCK_CLASS]);
    const share = Math.ceil(shards / Math.max(1, living?.count ?? 1));
    if (terms.size > share) {
      const [surplus] = [...terms.keys()].slice(-1);
      if (surplus !== undefined) await giveBack(session, surplus);
      return;
    }
    // Another first shard in each round, so that competitors do not all try for the same one.
    const first = Math.floor(random() * shards);
    for (let step = 0; step < shards && terms.size < share && !ended.aborted; step += 1) {
      const shard = (first + step) % shards;
      if (!terms.has(shard)) await tryShard(session, shard);
    }
  }

  async function tryShard(session: LockSession, shard: number): Promise<void> {
    const [row] = await session.query<{ locked: boolean }>(TRY_LOCK, [LOCK_CLASS, shard]);
    if (!row?.locked) return;
    const [raised] = await session.query<{ epoch: string }>(RAISE_EPOCH, [shard]);
    const term = new AbortController();
    terms.set(shard, term);
    void attempt(() => options.onAcquired({ shard, epoch: Number(raised?.epoch), signal: term.signal }));
  }

  async function giveBack(session: LockSession, shard: number): Promise<void> {
    await end(shard);
    await session.query(UNLOCK, [LOCK_CLASS, shard]);
  }

  async function end(shard: number): Promise<void> {
    terms.get(shard)?.abort();
    terms.delete(shard);
    await attempt(() => options.onLost(shard));
  }

  async function attempt(act: () => void | Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      onError(error);
    }
  }

  return {
    async start() {
      running ??= keepLockSession({
        databaseUrl,
        applicationName: `${options.holder} shards`,
        stopping: stopping.signal,
        backoff: createBackoff({ minMs: 100, maxMs: 2_000, random }),
        use: hold,
        onError,
      });
    },
    async stop() {
      stopping.abort();
      await running;
    },
    owned: () =>
      [...terms].flatMap(([shard, term]) => (term.signal.aborted ? [] : [shard])).toSorted((a, b) => a - b),
  };
}
