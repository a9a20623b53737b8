import type {
  Bot,
  BotEvent,
  BotHappening,
  BotsData,
  BotsSnapshot,
  Decision,
  Order,
  Position,
  Trade,
} from '@onefeed/contracts';
import { addToJournal, type JournalEntry, journalOf, mergeJournal } from './journal.ts';

/** Most trades and orders kept in the page; older ones stay on the server. */
export const LIST_LIMIT = 300;

/** All that one trader sees: own bots and what happens in them. */
export interface Desk {
  /** False until the first snapshot. */
  readonly ready: boolean;
  readonly bots: readonly Bot[];
  readonly positions: readonly Position[];
  /** Newest first. */
  readonly trades: readonly Trade[];
  readonly orders: readonly Order[];
  readonly journal: readonly JournalEntry[];
}

export const EMPTY_DESK: Desk = {
  ready: false,
  bots: [],
  positions: [],
  trades: [],
  orders: [],
  journal: [],
};

export type DeskChange =
  | { readonly kind: 'snapshot'; readonly data: BotsSnapshot }
  | { readonly kind: 'data'; readonly data: BotsData }
  /** A bot as the api answered it. */
  | { readonly kind: 'bot'; readonly bot: Bot }
  | { readonly kind: 'removed'; readonly botId: string }
  /** What happened before the page was opened. */
  | {
      readonly kind: 'history';
      readonly trades?: readonly Trade[];
      readonly orders?: readonly Order[];
      readonly decisions?: readonly Decision[];
    };

/** The desk after a change. Pure: the same changes always give the same desk, and a change twice is as once. */
export function changeDesk(desk: Desk, change: DeskChange): Desk {
  switch (change.kind) {
    case 'snapshot':
      return { ...desk, ready: true, bots: newestFirst(change.data.bots), positions: change.data.positions };
    case 'bot':
      return withBot(desk, change.bot);
    case 'removed':
      return withoutBot(desk, change.botId);
    case 'history':
      return {
        ...desk,
        trades: mergeById(desk.trades, change.trades ?? [], (trade) => trade.closedAt),
        orders: mergeById(desk.orders, change.orders ?? [], (order) => order.createdAt),
        journal: mergeJournal(desk.journal, journalOf(change)),
      };
    case 'data':
      if ('changed' in change.data) return withBot(desk, change.data.changed);
      if ('deleted' in change.data) return withoutBot(desk, change.data.deleted);
      return change.data.events.reduce(applyEvent, desk);
  }
}

function applyEvent(desk: Desk, event: BotEvent): Desk {
  const next = applyHappening(desk, event.botId, event.happening);
  return { ...next, journal: addToJournal(next.journal, journalOf({ events: [event] })) };
}

function applyHappening(desk: Desk, botId: string, happening: BotHappening): Desk {
  switch (happening.type) {
    case 'orderFilled':
      return {
        ...changeBot(desk, botId, { cash: happening.cash }),
        orders: mergeById(desk.orders, [happening.order], (order) => order.createdAt),
      };
    case 'positionOpened':
    case 'positionChanged':
      return {
        ...changeBot(desk, botId, { cash: happening.cash }),
        positions: withPosition(desk.positions, happening.position),
      };
    case 'tradeCompleted':
      // A trade is a closed position and keeps its id.
      return {
        ...changeBot(desk, botId, { cash: happening.cash }),
        positions: desk.positions.filter((position) => position.id !== happening.trade.id),
        trades: mergeById(desk.trades, [happening.trade], (trade) => trade.closedAt),
      };
    case 'botStarted':
      return changeBot(desk, botId, { state: 'running' });
    case 'botStopped':
      return changeBot(desk, botId, { state: 'stopped' });
    case 'entryRefused':
      return desk;
  }
}

function withPosition(positions: readonly Position[], position: Position): readonly Position[] {
  const others = positions.filter((other) => other.id !== position.id);
  return Number(position.quantity) === 0 ? others : [...others, position];
}

function changeBot(desk: Desk, botId: string, change: Partial<Bot>): Desk {
  return { ...desk, bots: desk.bots.map((bot) => (bot.id === botId ? { ...bot, ...change } : bot)) };
}

function withBot(desk: Desk, bot: Bot): Desk {
  const known = desk.bots.some((other) => other.id === bot.id);
  const bots = known ? desk.bots.map((other) => (other.id === bot.id ? bot : other)) : [bot, ...desk.bots];
  return { ...desk, bots: newestFirst(bots) };
}

function withoutBot(desk: Desk, botId: string): Desk {
  const others = <Item extends { botId: string }>(items: readonly Item[]) =>
    items.filter((item) => item.botId !== botId);
  return {
    ...desk,
    bots: desk.bots.filter((bot) => bot.id !== botId),
    positions: others(desk.positions),
    trades: others(desk.trades),
    orders: others(desk.orders),
    journal: others(desk.journal),
  };
}

function newestFirst(bots: readonly Bot[]): readonly Bot[] {
  return [...bots].sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
}

function mergeById<Item extends { id: string }>(
  known: readonly Item[],
  added: readonly Item[],
  timeOf: (item: Item) => number,
): readonly Item[] {
  if (added.length === 0) return known;
  const byId = new Map(known.map((item) => [item.id, item]));
  for (const item of added) byId.set(item.id, item);
  return [...byId.values()].sort((a, b) => timeOf(b) - timeOf(a)).slice(0, LIST_LIMIT);
}
