import type { TokenTraded } from '@onefeed/contracts';

/** Virtual reserves of a curve: lamports and token base units. */
export interface CurveReserves {
  readonly solLamports: bigint;
  readonly tokenUnits: bigint;
}

/**
 * What a trade tells of the others:
 * - `first`: nothing was known to compare with
 * - `linked`: it begins where the newest one ended, nothing is missing between them
 * - `broken`: trades are missing before it
 * - `late`: it is one of the missing ones, more are missing
 * - `healed`: nothing is missing any more
 * - `odd`: the tokens link, the SOL does not: the curve does not follow its formula
 */
export type ChainStep = 'first' | 'linked' | 'broken' | 'late' | 'healed' | 'odd';

/**
 * What a read of the real reserves tells: `confirmed`, they are those known; `adopted`, they are not, and they are
 * the known ones now; `unsettled`, trades are on their way and it must be read again.
 */
export type ReadOutcome = 'confirmed' | 'adopted' | 'unsettled';

export interface ReservesChain {
  /** Takes a trade on the curve with its reserves after it. They are the newest only if `tail` says so afterwards. */
  see(trade: Pick<TokenTraded, 'side' | 'tokenUnits' | 'solLamports'>, after: CurveReserves): ChainStep;
  read(real: CurveReserves): ReadOutcome;
  /** Stops to wait for the missing trades. */
  giveUpGaps(): void;
  isBroken(): boolean;
  /** The newest reserves known; null before any. */
  tail(): CurveReserves | null;
}

/** Trades in a row, by the token reserves before the first and after the last. */
interface Run {
  from: bigint;
  to: CurveReserves;
  /** Token reserves after its newest trades, oldest first. */
  recent: bigint[];
}

/** More runs than this are not joined any more: only a read of the reserves ends the uncertainty. */
const MAX_RUNS = 9;
/** Trades against which a read is compared: it may be some seconds older than the newest. */
const MAX_RECENT = 64;
/**
 * A source may compute its SOL reserves from the tokens, without the lamport by which the curve rounds each trade in
 * its own favour; curves that do not follow the formula are off by far more than 0.001 SOL.
 */
const SOL_TOLERANCE_LAMPORTS = 1_000_000n;

const isNear = (a: bigint, b: bigint): boolean =>
  a - b <= SOL_TOLERANCE_LAMPORTS && b - a <= SOL_TOLERANCE_LAMPORTS;

const runOf = (to: CurveReserves, from = to.tokenUnits): Run => ({ from, to, recent: [from, to.tokenUnits] });

/**
 * The trades of one token in the only order there is: each begins with the reserves that the one before it ended
 * with. The sources number nothing, so a trade that begins elsewhere is all that shows a missing one. Trades may
 * come in any order: when all have come they are one run again.
 */
export function createReservesChain(start: CurveReserves | null): ReservesChain {
  /** The newest last. */
  let runs: Run[] = start === null ? [] : [runOf(start)];
  /** A run was given up: joining the others proves nothing. */
  let isLost = false;
  /** The last read, while it meets nothing known, and whether a trade came since. */
  let pending: { tokenUnits: bigint; isQuiet: boolean } | null = null;
  /** Where the stream stood when a read that was ahead of it was adopted. */
  let behind: bigint | null = null;

  const isBroken = () => runs.length > 1 || isLost;

  function keepOnly(run: Run): void {
    runs = [run];
    isLost = false;
    pending = null;
  }

  /** Puts the trade where it belongs and answers its run. */
  function place(before: bigint, after: CurveReserves): Run {
    const left = runs.findLast((run) => run.to.tokenUnits === before);
    const right = runs.find((run) => run !== left && run.from === after.tokenUnits);
    if (right !== undefined) {
      right.from = left?.from ?? before;
      right.recent = [...(left?.recent ?? [before]), ...right.recent].slice(-MAX_RECENT);
      runs = runs.filter((run) => run !== left);
      return right;
    }
    if (left !== undefined) {
      left.to = after;
      left.recent.push(after.tokenUnits);
      if (left.recent.length > MAX_RECENT) left.recent = left.recent.slice(-MAX_RECENT / 2);
      return left;
    }
    const run = runOf(after, before);
    runs.push(run);
    if (runs.length > MAX_RUNS) {
      runs.splice(1, 1);
      isLost = true;
    }
    return run;
  }

  /** Whether the trade continues what the stream told before a read was ahead of it. */
  function catchesUp(before: bigint, after: bigint, known: bigint): boolean {
    if (behind === null || before === known || (before !== behind && after !== known)) return false;
    behind = after === known ? null : after;
    return true;
  }

  return {
    see(trade, after) {
      const sign = trade.side === 'buy' ? 1n : -1n;
      const before = after.tokenUnits + sign * BigInt(trade.tokenUnits);
      const newest = runs.at(-1);
      if (newest === undefined) {
        place(before, after);
        return 'first';
      }
      const last = newest.to;
      if (catchesUp(before, after.tokenUnits, last.tokenUnits)) return 'late';
      const wasBroken = isBroken();
      const isNewest = before === last.tokenUnits;
      const met =
        pending !== null && (pending.tokenUnits === before || pending.tokenUnits === after.tokenUnits);
      if (pending !== null) pending.isQuiet = false;
      const count = runs.length;
      const run = place(before, after);
      // The chain itself was seen in this state: what came before does not matter any more.
      if (met) keepOnly(run);
      if (isNewest) {
        behind = null;
        if (!isNear(last.solLamports + sign * BigInt(trade.solLamports), after.solLamports)) return 'odd';
      }
      if (!isBroken()) return wasBroken ? 'healed' : 'linked';
      if (runs.length > count || run.recent.length === 2) return 'broken';
      return isNewest ? 'linked' : 'late';
    },
    read(real) {
      const newest = runs.at(-1);
      if (newest?.recent.includes(real.tokenUnits)) {
        keepOnly(newest);
        return 'confirmed';
      }
      // Twice the same with no trade in between: nothing is on its way.
      const isRepeated = pending?.isQuiet === true && pending.tokenUnits === real.tokenUnits;
      if (newest !== undefined && !isRepeated) {
        pending = { tokenUnits: real.tokenUnits, isQuiet: true };
        return 'unsettled';
      }
      behind = newest?.to.tokenUnits ?? null;
      keepOnly(runOf(real));
      return 'adopted';
    },
    giveUpGaps() {
      const newest = runs.at(-1);
      if (newest !== undefined) keepOnly(newest);
    },
    isBroken,
    tail: () => runs.at(-1)?.to ?? null,
  };
}
