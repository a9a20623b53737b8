import { rpcError } from '../solana/rpc-error.ts';
import type { HttpVenue } from './faults.ts';

/** The body that goes with an error status: Binance's `{code, msg}`, Solana's JSON-RPC error. */
export const FAULT_BODY: Record<HttpVenue, (status: number, bannedUntil: number) => string> = {
  binance(status, bannedUntil) {
    if (status === 418) {
      return JSON.stringify({
        code: -1003,
        msg: `Way too much request weight used; IP banned until ${Math.ceil(bannedUntil)}. Please use WebSocket Streams for live updates to avoid bans.`,
      });
    }
    const limited = status === 429;
    const msg = limited
      ? 'Too much request weight used; please use WebSocket Streams.'
      : 'Internal error; unable to process your request. Please try again.';
    return JSON.stringify({ code: limited ? -1003 : -1001, msg });
  },
  solana: (status) =>
    status === 429 ? rpcError(429, 'Too many requests for a specific RPC call', null) : 'Service unavailable',
};
