import type { ChainFacts } from '../pumpfun/chain-event.ts';
import type { CurveState } from './curve-account.ts';

/** Curves remembered; the one untouched for longest makes room. */
const MAX_CURVES = 20_000;

/** The state of every curve on the simulated chain, whatever the faults do to the streams. */
export interface CurveLedger {
  record(facts: ChainFacts, signature: string): void;
  byAddress(address: string): CurveState | undefined;
  describe(mints: readonly string[] | undefined): unknown[];
}

export function createCurveLedger(): CurveLedger {
  const curves = new Map<string, CurveState>();
  const addressOfMint = new Map<string, string>();

  function forgetOldest(): void {
    for (const [address, { token }] of curves) {
      curves.delete(address);
      addressOfMint.delete(token.mint);
      return;
    }
  }

  return {
    record({ token, events }, signature) {
      const before = curves.get(token.curveAddress);
      for (const event of events) {
        const known = curves.get(token.curveAddress);
        if (event.type === 'create') {
          const state = { token, curve: event.curve, complete: false, migrated: false, trades: 0 };
          curves.set(token.curveAddress, { ...state, lastSignature: signature });
          addressOfMint.set(token.mint, token.curveAddress);
        } else if (known) {
          if (event.type === 'trade') {
            known.curve = event.curve;
            known.trades += 1;
          }
          if (event.type === 'complete') known.complete = true;
          if (event.type === 'migrate') known.migrated = true;
          known.lastSignature = signature;
        }
      }
      if (before) {
        curves.delete(token.curveAddress);
        curves.set(token.curveAddress, before);
      }
      if (curves.size > MAX_CURVES) forgetOldest();
    },
    byAddress: (address) => curves.get(address),
    describe(mints) {
      const addresses = mints ? mints.map((mint) => addressOfMint.get(mint) ?? '') : [...curves.keys()];
      return addresses.flatMap((address) => {
        const state = curves.get(address);
        if (!state) return [];
        const { token, curve, complete, migrated, trades, lastSignature } = state;
        return {
          mint: token.mint,
          curveAddress: address,
          mayhem: token.mayhem,
          quoteMint: token.quoteMint ?? null,
          virtualSolLamports: String(curve.virtualSolLamports),
          virtualTokenUnits: String(curve.virtualTokenUnits),
          complete,
          migrated,
          trades,
          lastSignature,
        };
      });
    },
  };
}
