import { createBackoff } from './backoff.ts';
import { keepLockSession, type LockSession } from './lock-session.ts';
import { pause } from './pause.ts';

/** What a holder of a role is given. `epoch` rises with every new holder: writes are fenced with it. */
export interface Term {
  epoch: number;
  /** Aborted the moment the role may be lost: stop acting at once. */
  signal: AbortSignal;
}

/**
 * Competes for a role with a session advisory lock on its own connection. Losing the connection is losing the
 * role. A standby takes over within 10 s of the leader's death (I1), frozen ones included.
 *
 * A frozen process (stopped, or its machine suspended) does not know that it lost the role until it runs again;
 * it may then act for a moment. So every write of a term carries its epoch and is refused when `leader_epochs`
 * has moved on, and what cannot be fenced (a venue's socket) is closed on `signal`.
 */
export interface Leadership {
  /** Begins to compete and returns: an unreachable database is waited for. */
  start(): Promise<void>;
  /** Gives the role back (after `lead` has ended) and stops competing. */
  stop(): Promise<void>;
  isLeader(): boolean;
}

export interface LeadershipOptions {
  databaseUrl: string;
  /** `feed.binance`: the row in `leader_epochs` and the name of the lock. */
  role: string;
  holder: string;
  /** Runs while the role is held; its `term.signal` aborts on loss. When it resolves or throws the role is given back. */
  lead(term: Term): Promise<void>;
  onError(error: unknown): void;
  /** Uniform in [0, 1). */
  random?: () => number;
}

/** How often a standby tries for the lock. */
const TRY_MS = 500;

const TRY_LOCK = `select pg_try_advisory_lock(hashtextextended('onefeed.leader.' || $1, 0)) as locked`;
const UNLOCK = `select pg_advisory_unlock(hashtextextended('onefeed.leader.' || $1, 0))`;
const RAISE_EPOCH = `
  insert into leader_epochs (role, epoch, holder) values ($1, 1, $2)
  on conflict (role) do update set epoch = leader_epochs.epoch + 1, holder = excluded.holder
  returning epoch`;

export function createLeadership(options: LeadershipOptions): Leadership {
  const { databaseUrl, role, holder, onError, random = Math.random } = options;
  const stopping = new AbortController();
  /** Spaces the tries of a `lead` that fails again and again. */
  const leadBackoff = createBackoff({ minMs: 500, maxMs: 10_000, random });
  let leading = false;
  let running: Promise<void> | undefined;

  async function compete(session: LockSession, works: () => void): Promise<void> {
    const ended = AbortSignal.any([session.lost, stopping.signal]);
    while (!ended.aborted) {
      const [row] = await session.query<{ locked: boolean }>(TRY_LOCK, [role]);
      if (row?.locked) {
        // Raised in the session that holds the lock: no two holders ever share an epoch.
        const [raised] = await session.query<{ epoch: string }>(RAISE_EPOCH, [role, holder]);
        works();
        const orderly = await lead(Number(raised?.epoch), ended);
        if (session.lost.aborted) break;
        await session.query(UNLOCK, [role]);
        if (orderly) leadBackoff.reset();
        await pause(leadBackoff.nextMs(), ended);
      } else {
        works();
        await pause(TRY_MS * (0.5 + random() / 2), ended);
      }
    }
    if (!stopping.signal.aborted) session.lost.throwIfAborted();
  }

  async function lead(epoch: number, signal: AbortSignal): Promise<boolean> {
    leading = true;
    // The loss shows in `isLeader` at once, although `lead` may need a moment to end.
    const resign = () => {
      leading = false;
    };
    signal.addEventListener('abort', resign);
    try {
      if (!signal.aborted) await options.lead({ epoch, signal });
      return true;
    } catch (error) {
      if (!signal.aborted) onError(error);
      return false;
    } finally {
      resign();
      signal.removeEventListener('abort', resign);
    }
  }

  return {
    async start() {
      running ??= keepLockSession({
        databaseUrl,
        applicationName: `onefeed leader ${role}`,
        stopping: stopping.signal,
        backoff: createBackoff({ minMs: 100, maxMs: 2_000, random }),
        use: compete,
        onError,
      });
    },
    async stop() {
      stopping.abort();
      await running;
    },
    isLeader: () => leading,
  };
}
