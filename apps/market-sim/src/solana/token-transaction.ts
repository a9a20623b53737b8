import type { ChainFacts } from '../pumpfun/chain-event.ts';
import { encodeChainEvent, PUMP_PROGRAM } from './program-event.ts';
import type { LoggedTransaction } from './solana-socket.ts';
import { programCalls, successLogs } from './transaction-logs.ts';

/** The successful transaction that did all this to one token. `at` is token time in ms. */
export function tokenTransaction(
  signature: string,
  parts: readonly ChainFacts[],
  at: number,
): LoggedTransaction {
  const calls = parts.flatMap(({ token, events }) =>
    programCalls(events, (event) => encodeChainEvent(token, event, at)),
  );
  const mentions = parts.flatMap(({ token }) => [token.mint, token.curveAddress]);
  return { signature, err: null, logs: successLogs(signature, calls), mentions: [PUMP_PROGRAM, ...mentions] };
}
