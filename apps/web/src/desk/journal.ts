import type { BotEvent, Decision, Order, Trade } from '@onefeed/contracts';
import { formatPrice, formatProfit, formatQuantity } from '../format/amount.ts';
import { describeExitReason } from '../format/exit-reason.ts';
import { shortInstrument } from '../format/instrument.ts';
import { formatPercent } from '../format/percent.ts';
import { describeRefusal } from '../format/refusal.ts';
import { quoteAssetOf } from './money.ts';

/** Most entries kept; the oldest go first. */
export const JOURNAL_LIMIT = 200;

/** One line of the live feed. `key` is the same whether it came live or was read later. */
export interface JournalEntry {
  readonly key: string;
  readonly botId: string;
  readonly at: number;
  readonly tone: 'buy' | 'sell' | 'gain' | 'loss' | 'refused' | 'plain';
  readonly title: string;
  readonly detail: string;
}

/** Entries of live events, or of stored orders, trades and decisions. */
export function journalOf(source: {
  readonly events?: readonly BotEvent[];
  readonly orders?: readonly Order[];
  readonly trades?: readonly Trade[];
  readonly decisions?: readonly Decision[];
}): JournalEntry[] {
  return [
    ...(source.events ?? []).flatMap(entryOfEvent),
    ...(source.orders ?? []).filter((order) => order.status === 'filled').map(entryOfOrder),
    ...(source.trades ?? []).map(entryOfTrade),
    ...(source.decisions ?? []).map(entryOfDecision),
  ];
}

/**
 * What has just happened goes on top whatever its time says: market time and wall clock differ, and a bot is
 * started by the one and trades by the other.
 */
export function addToJournal(
  known: readonly JournalEntry[],
  added: readonly JournalEntry[],
): readonly JournalEntry[] {
  const fresh = withoutKnown(known, added);
  return fresh.length === 0 ? known : [...fresh.reverse(), ...known].slice(0, JOURNAL_LIMIT);
}

/** Both lists in one by time, newest first, each entry once. */
export function mergeJournal(
  known: readonly JournalEntry[],
  added: readonly JournalEntry[],
): readonly JournalEntry[] {
  const fresh = withoutKnown(known, added);
  if (fresh.length === 0) return known;
  return [...fresh, ...known].sort((a, b) => b.at - a.at).slice(0, JOURNAL_LIMIT);
}

/** An entry as shown, with how many alike it stands for. */
export interface JournalLine extends JournalEntry {
  readonly count: number;
}

/** Refusals of one reason in a row become one line, so that a full bot does not hide what it does. */
export function foldRefusals(entries: readonly JournalEntry[]): JournalLine[] {
  const lines: JournalLine[] = [];
  for (const entry of entries) {
    const above = lines.at(-1);
    const alike = above?.tone === 'refused' && entry.tone === 'refused' && above.detail === entry.detail;
    if (above && alike) lines[lines.length - 1] = { ...above, key: entry.key, count: above.count + 1 };
    else lines.push({ ...entry, count: 1 });
  }
  return lines;
}

function withoutKnown(known: readonly JournalEntry[], added: readonly JournalEntry[]): JournalEntry[] {
  const keys = new Set(known.map((entry) => entry.key));
  return added.filter((entry) => !keys.has(entry.key));
}

function entryOfEvent(event: BotEvent): JournalEntry[] {
  const { happening, botId, at } = event;
  const plain = (title: string): JournalEntry[] => [
    { key: `event:${event.shard}:${event.seq}`, botId, at, tone: 'plain', title, detail: '' },
  ];
  switch (happening.type) {
    case 'orderFilled':
      return [entryOfOrder(happening.order)];
    case 'tradeCompleted':
      return [entryOfTrade(happening.trade)];
    case 'entryRefused':
      return [entryOfDecision({ ...happening, botId, at })];
    case 'botStarted':
      return plain('Bot started');
    case 'botStopped':
      return plain('Bot stopped');
    case 'positionOpened':
    case 'positionChanged':
      return [];
  }
}

function entryOfOrder(order: Order): JournalEntry {
  const name = shortInstrument(order.instrument);
  const price = order.price === null ? '' : ` at ${formatPrice(order.price)}`;
  return {
    key: `order:${order.id}`,
    botId: order.botId,
    at: order.createdAt,
    tone: order.side,
    title: `${order.side === 'buy' ? 'Bought' : 'Sold'} ${name}`,
    detail: `${formatQuantity(order.quantity)}${price}, fee ${formatQuantity(order.fee)} ${order.feeAsset}`,
  };
}

function entryOfTrade(trade: Trade): JournalEntry {
  const asset = quoteAssetOf(trade.venue);
  return {
    key: `trade:${trade.id}`,
    botId: trade.botId,
    at: trade.closedAt,
    tone: trade.profit.startsWith('-') ? 'loss' : 'gain',
    title: `${describeExitReason(trade.exitReason)}: ${shortInstrument(trade.instrument)}`,
    detail: `${formatProfit(trade.profit, asset)} ${asset} (${formatPercent(trade.profitPercent)})`,
  };
}

function entryOfDecision(decision: Decision): JournalEntry {
  return {
    key: `refused:${decision.botId}:${decision.signalId}:${decision.code}`,
    botId: decision.botId,
    at: decision.at,
    tone: 'refused',
    title: 'Entry skipped',
    detail: describeRefusal(decision.code, decision.limit, decision.value),
  };
}
