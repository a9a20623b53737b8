import { randomBytes } from 'node:crypto';
import type { Caller } from '../http/caller.ts';

/** Seconds a ticket may wait to be used. */
export const TICKET_SECONDS = 30;
const MAX_TICKETS = 20_000;

export interface SocketTickets {
  issue(caller: Caller): string;
  /** The caller that got the ticket; null when it is unknown, used or too old. */
  redeem(ticket: string): Caller | null;
}

/** Single-use tickets, kept in this process: the socket is opened at the process that gave the ticket. */
export function createSocketTickets(now: () => number): SocketTickets {
  const waiting = new Map<string, { caller: Caller; until: number }>();

  const forgetOld = (): void => {
    // Insertion order is the order of expiry.
    for (const [ticket, { until }] of waiting) {
      if (until > now() && waiting.size < MAX_TICKETS) return;
      waiting.delete(ticket);
    }
  };

  return {
    issue: (caller) => {
      forgetOld();
      const ticket = randomBytes(24).toString('base64url');
      waiting.set(ticket, { caller, until: now() + TICKET_SECONDS * 1_000 });
      return ticket;
    },
    redeem: (ticket) => {
      const found = waiting.get(ticket);
      waiting.delete(ticket);
      return found && found.until > now() ? found.caller : null;
    },
  };
}
