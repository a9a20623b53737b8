import type { StoredCandle, TokenEvent, Venue } from '@onefeed/contracts';

/** A body of the market channel, as far as this process looks into it; rows are the gateway's own, from its table. */
interface MarketBody {
  type?: unknown;
  candles?: unknown;
  events?: unknown;
  venue?: unknown;
  at?: unknown;
}

const asBody = (body: unknown): MarketBody => (typeof body === 'object' && body !== null ? body : {});

/** The candles of an envelope; null when it carries none and the table must be read. */
export function candlesOf(body: unknown): StoredCandle[] | null {
  const { type, candles } = asBody(body);
  return type === 'closedCandles' && Array.isArray(candles) ? (candles as StoredCandle[]) : null;
}

/** The token events of an envelope; null when it carries none and the table must be read. */
export function tokenEventsOf(body: unknown): TokenEvent[] | null {
  const { type, events } = asBody(body);
  return type === 'tokenEvents' && Array.isArray(events) ? (events as TokenEvent[]) : null;
}

/** The venue's time that a prices message tells; null for other messages. */
export function marketTimeOf(body: unknown, venue: Venue): number | null {
  const message = asBody(body);
  const isTime = message.type === 'prices' && message.venue === venue && typeof message.at === 'number';
  return isTime && Number.isFinite(message.at) ? (message.at as number) : null;
}
