import type { WebSocket } from 'ws';
import { type Faults, isChosen } from '../control/faults.ts';
import { derivedSignature } from '../pumpfun/address.ts';
import type { ChainFacts } from '../pumpfun/chain-event.ts';
import type { TokenEvent } from '../pumpfun/token-life.ts';
import type { TradeCourier } from '../pumpfun/trade-courier.ts';
import { hash32 } from '../random.ts';
import type { Paced } from '../ticker.ts';
import { encodeChainEvent, PUMP_PROGRAM } from './program-event.ts';
import type { SlotClock } from './slot-clock.ts';
import {
  type LoggedTransaction,
  type SolanaSocket,
  type SolanaSocketDeps,
  serveSolanaSocket,
} from './solana-socket.ts';
import { tokenTransaction } from './token-transaction.ts';
import { failedLogs, truncatedLogs } from './transaction-logs.ts';

/** Recorded: of the transactions that mention the program about as many fail as succeed. */
const FAILURES_OF_TEN = 8;
/** Of those one in so many had already logged its event when it failed. */
const FAILED_WITH_EVENT_ONE_IN = 4;

export interface SolanaFeedDeps extends SolanaSocketDeps {
  faults: Faults;
  seed: () => number;
  courier: TradeCourier;
  slots: SlotClock;
}

export interface SolanaFeed extends Paced {
  serve(socket: WebSocket): void;
  publish(event: TokenEvent): void;
  connection(socket: WebSocket): SolanaSocket | undefined;
}

/** The websocket side of a Solana node that sees the same tokens as PumpPortal does. */
export function createSolanaFeed(deps: SolanaFeedDeps): SolanaFeed {
  const { faults, seed, courier, slots } = deps;
  const connections = new Map<WebSocket, SolanaSocket>();
  /** Trades of transactions that are not complete yet, by signature. */
  const unfinished = new Map<string, ChainFacts[]>();
  let toldSlot = slots.slot();

  function tell(transaction: LoggedTransaction): void {
    const slot = slots.slot();
    for (const connection of connections.values()) connection.logs(transaction, slot);
  }

  function carried(signature: string, parts: readonly ChainFacts[], at: number): LoggedTransaction {
    const transaction = tokenTransaction(signature, parts, at);
    const isCut = isChosen(hash32(seed(), 'truncate', signature), faults.truncateLogsOneIn);
    return isCut ? { ...transaction, logs: truncatedLogs(transaction.logs) } : transaction;
  }

  /** Somebody who tried the same and was too late. */
  function tellFailure(signature: string, facts: ChainFacts, at: number): void {
    if (hash32(signature, 'failed') % 10 >= FAILURES_OF_TEN) return;
    const failed = derivedSignature(signature, 'failed');
    const event = facts.events.find(({ type }) => type === 'trade');
    const withEvent = event && hash32(failed, 'event') % FAILED_WITH_EVENT_ONE_IN === 0;
    const data = withEvent ? encodeChainEvent(facts.token, event, at) : undefined;
    tell({ signature: failed, ...failedLogs(failed, data), mentions: [PUMP_PROGRAM] });
  }

  return {
    serve(socket) {
      connections.set(socket, serveSolanaSocket(deps, socket));
      socket.once('close', () => connections.delete(socket));
    },
    connection: (socket) => connections.get(socket),
    publish({ chain, signature, at }) {
      if (!chain) return;
      const parts = [...(unfinished.get(signature) ?? []), chain];
      if (chain.continues) {
        unfinished.set(signature, parts);
        return;
      }
      unfinished.delete(signature);
      if (connections.size === 0) return;
      courier.carry('solana', signature, () => tell(carried(signature, parts, at)));
      tellFailure(signature, chain, at);
    },
    run() {
      const slot = slots.slot();
      if (slot === toldSlot) return;
      toldSlot = slot;
      for (const connection of connections.values()) connection.slot(slot, slots.root());
    },
    wallDelay: () => (connections.size === 0 ? Infinity : slots.untilNext()),
  };
}
