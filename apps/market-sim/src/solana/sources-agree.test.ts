import { decodeCurveAccount, type KeyedEvent, mapLogFrame, mapPumpFrame } from '@onefeed/venues';
import { describe, expect, it, vi } from 'vitest';
import type { ChainFacts } from '../pumpfun/chain-event.ts';
import { createTokenLife, type TokenEvent } from '../pumpfun/token-life.ts';
import { type Oddity, planToken } from '../pumpfun/token-plan.ts';
import { encodeCurveAccount } from './curve-account.ts';
import { createCurveLedger } from './curve-ledger.ts';
import { tokenTransaction } from './token-transaction.ts';

// Much work or real sockets: a busy machine takes longer than the default allows.
vi.setConfig({ testTimeout: 30_000 });

const SEED = 17;
const TOKENS = 150;
const AT = 1_790_000_000_000;

function live(index: number): TokenEvent[] {
  const token = createTokenLife({ seed: SEED, index, bornAt: AT, speed: 20 });
  const events: TokenEvent[] = [];
  while (token.nextAt() !== Infinity) {
    const event = token.step();
    if (event) events.push(event);
  }
  return events;
}

/** What a client of PumpPortal with a key makes of a token's life. */
const fromPortal = (events: readonly TokenEvent[]): KeyedEvent[] =>
  events.flatMap(({ text }) => {
    const frame = mapPumpFrame(text, AT);
    if (frame.kind === 'bad') throw new Error(`${frame.reason}: ${text}`);
    return frame.kind === 'event' ? [frame] : [];
  });

/** What a client of the node makes of it. */
function fromChain(events: readonly TokenEvent[]): KeyedEvent[] {
  const parts = new Map<string, ChainFacts[]>();
  return events.flatMap(({ chain, signature, at }) => {
    if (!chain) return [];
    const whole = [...(parts.get(signature) ?? []), chain];
    parts.set(signature, whole);
    if (chain.continues) return [];
    const { err, logs } = tokenTransaction(signature, whole, at);
    const result = { context: { slot: 1 }, value: { signature, err, logs } };
    const text = JSON.stringify({ method: 'logsNotification', params: { subscription: 1, result } });
    const frame = mapLogFrame(text, AT);
    if (frame.kind !== 'events' || frame.incomplete) throw new Error(`${frame.kind}: ${text}`);
    return frame.events;
  });
}

const lives = Array.from({ length: TOKENS }, (_, index) => ({
  oddity: planToken(SEED, index).oddity as Oddity,
  events: live(index),
}));
const onCurve = (events: readonly KeyedEvent[]) =>
  events.filter(
    ({ event }) => event.kind !== 'checked' && !(event.kind === 'traded' && event.pool !== 'curve'),
  );

describe('the two sources, read by the clients of the platform', () => {
  it('tell the same events of every ordinary token, by the same keys', () => {
    let compared = 0;
    for (const { oddity, events } of lives) {
      if (oddity === 'bonk' || oddity === 'usdc') continue;
      const keys = (from: readonly KeyedEvent[]) => onCurve(from).map(({ dedupeKey }) => dedupeKey);
      const portal = keys(fromPortal(events));
      // Trades in the pool whose frame has no pool in it look like trades of the curve.
      const reduced = new Set(keys(fromPortal(events.filter(({ chain }) => !chain))));
      expect(keys(fromChain(events))).toEqual(portal.filter((key) => !reduced.has(key)));
      compared += portal.length;
    }
    expect(compared).toBeGreaterThan(5_000);
  });

  it('differ where PumpPortal is wrong: a coin paired with USDC has a mint of its own on the chain', () => {
    const paired = lives.filter(({ oddity }) => oddity === 'usdc');
    expect(paired.length).toBeGreaterThan(0);
    for (const { events } of paired) {
      expect(fromPortal(events)).toEqual([]);
      expect(fromChain(events).map(({ event }) => event)).toMatchObject([
        { kind: 'created', untradeableReason: expect.any(String) },
      ]);
    }
  });

  it('end in the state that the account of the curve has', () => {
    for (const { events } of lives) {
      const ledger = createCurveLedger();
      for (const { chain, signature } of events) if (chain) ledger.record(chain, signature);
      const address = events[0]?.chain?.token.curveAddress;
      const state = address === undefined ? undefined : ledger.byAddress(address);
      if (!state) continue;
      const account = decodeCurveAccount(encodeCurveAccount(state));
      expect(account).toMatchObject({ isComplete: state.complete, creator: state.token.creator });
      const trades = fromChain(events).flatMap(({ event }) => (event.kind === 'traded' ? [event] : []));
      const last = trades.at(-1)?.reserves;
      if (!last) continue;
      const reserves = {
        virtualSolLamports: String(account?.virtualSolLamports),
        virtualTokenUnits: String(account?.virtualTokenUnits),
      };
      const none = { virtualSolLamports: '0', virtualTokenUnits: '0' };
      expect(reserves).toEqual(state.migrated ? none : last);
    }
  });
});
