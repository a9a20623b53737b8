import {
  bondingCurveAddress,
  type Clock,
  type CurveAccount,
  decodeCurveAccount,
  MAX_ACCOUNTS_PER_READ,
  PUMP_PROGRAM,
  type SolanaRpcClient,
  SolanaRpcError,
} from '@onefeed/venues';

/** Addresses are worth half a millisecond of arithmetic each. */
const MAX_ADDRESSES = 5_000;
/** After so many failures in a row nothing is expected of the node any more, until it answers again. */
const FAILURES_TO_DOUBT = 5;
const MAX_PAUSE_MS = 30_000;
/** However long a node asks for: a pause without end would be a doubt without end. */
const LONGEST_PAUSE_MS = 300_000;

export interface CurveReaderDeps {
  rpc: SolanaRpcClient | null;
  clock: Clock;
  onRead(outcome: 'answered' | SolanaRpcError['reason']): void;
  onError(error: unknown): void;
}

/** Reads curves from the chain, where a node is configured. */
export interface CurveReader {
  /** Whether an answer may be expected. */
  canRead(): boolean;
  /** The curves of at most MAX_ACCOUNTS_PER_READ mints; null ones have no account. Null when nothing was read. */
  read(mints: readonly string[], signal: AbortSignal): Promise<Map<string, CurveAccount | null> | null>;
}

export function createCurveReader({ rpc, clock, onRead, onError }: CurveReaderDeps): CurveReader {
  const addresses = new Map<string, string | null>();
  let failures = 0;
  let pausedUntil = 0;

  function addressOf(mint: string): string | null {
    const known = addresses.get(mint);
    if (known !== undefined) return known;
    const address = bondingCurveAddress(mint);
    if (addresses.size >= MAX_ADDRESSES) addresses.clear();
    addresses.set(mint, address);
    return address;
  }

  return {
    canRead: () => rpc !== null && failures < FAILURES_TO_DOUBT && pausedUntil - clock.now() <= MAX_PAUSE_MS,
    async read(mints, signal) {
      if (rpc === null || clock.now() < pausedUntil) return null;
      const asked = mints.slice(0, MAX_ACCOUNTS_PER_READ).flatMap((mint) => {
        const address = addressOf(mint);
        return address === null ? [] : [{ mint, address }];
      });
      const curves = new Map<string, CurveAccount | null>(mints.map((mint) => [mint, null]));
      if (asked.length === 0) return curves;
      try {
        const addressesAsked = asked.map(({ address }) => address);
        const { data } = await rpc.readAccounts(addressesAsked, PUMP_PROGRAM, signal);
        asked.forEach(({ mint }, at) => {
          const bytes = data[at] ?? null;
          curves.set(mint, bytes === null ? null : decodeCurveAccount(bytes));
        });
        failures = 0;
        onRead('answered');
        return curves;
      } catch (error) {
        if (!(error instanceof SolanaRpcError) || signal.aborted) throw error;
        failures += 1;
        const backoffMs = Math.min(MAX_PAUSE_MS, 500 * 2 ** Math.min(failures, 10));
        const pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(backoffMs, error.retryAfterMs ?? 0));
        pausedUntil = clock.now() + pauseMs;
        onRead(error.reason);
        onError(error);
        return null;
      }
    },
  };
}
