import type { KillSwitch, TokenEvent, Venue } from '@onefeed/contracts';
import type { BotCommand, ReceivedSignal } from '@onefeed/db';
import {
  clientIdOf,
  decide,
  type EntryIntent,
  type Execute,
  enterPosition,
  formatAmount,
  hasMigrated,
  leavePosition,
  type Market,
  parseAmount,
  positionView,
  priceOf,
  type Refused,
  requestClose,
} from '@onefeed/domain';
import type { ExchangeBook } from '../market/exchange-book.ts';
import type { FeedHealthBook } from '../market/feed-health-book.ts';
import type { VenueClocks } from '../market/venue-clocks.ts';
import type { BatchDraft } from './batch.ts';
import type { GuardedPosition } from './position-index.ts';
import { hold, letGo, type RunningBot } from './running-bot.ts';
import type { ShardMemory } from './shard-memory.ts';

export interface TraderDeps {
  execute: Execute;
  clocks: VenueClocks;
  exchange: ExchangeBook;
  health: Pick<FeedHealthBook, 'isTroubled'>;
  killSwitch: () => KillSwitch;
  maxSignalAgeMs: number;
  /** Orders found to exist already: their causes are not carried out again. */
  alreadyDone: ReadonlySet<string>;
  onRefused(code: string): void;
  /** A position was set aside because its stored row contradicts its orders. */
  onInconsistent(positionId: string): void;
}

/** Applies what happened to a shard's memory and drafts what is to be stored. No I/O, no waiting. */
export interface Trader {
  signal(memory: ShardMemory, draft: BatchDraft, signal: ReceivedSignal): void;
  tokenEvent(memory: ShardMemory, draft: BatchDraft, event: TokenEvent): void;
  /** New prices of these instruments, and the market clock. */
  tick(memory: ShardMemory, draft: BatchDraft, venue: Venue, instruments: Iterable<string>): void;
  command(memory: ShardMemory, draft: BatchDraft, command: BotCommand): void;
}

export function createTrader(deps: TraderDeps): Trader {
  const { clocks, exchange, execute } = deps;

  const marketOf = (memory: ShardMemory, venue: Venue, instrument: string): Market | null =>
    venue === 'binance'
      ? exchange.market(instrument, clocks.time('binance'))
      : memory.tokens.market(instrument);

  function enter(
    memory: ShardMemory,
    draft: BatchDraft,
    bot: RunningBot,
    intent: EntryIntent,
    signal: ReceivedSignal,
  ): void {
    if (deps.alreadyDone.has(clientIdOf(intent.positionId, 'entry'))) return;
    const market = marketOf(memory, signal.venue, signal.instrument);
    const outcome = enterPosition(
      bot,
      intent,
      signal,
      {
        market,
        marketTime: Math.max(clocks.time(signal.venue), signal.eventTime),
        stale: clocks.stale(signal.venue) || deps.health.isTroubled(signal.venue, signal.instrument),
        killSwitch: deps.killSwitch(),
        maxSignalAgeMs: deps.maxSignalAgeMs,
      },
      execute,
    );
    if (!outcome.entered) {
      refuse(draft, bot, signal, outcome.refused);
      return;
    }
    bot.cash = outcome.cash;
    hold(bot, outcome.position);
    // What is bought after its token has migrated must be looked at once: no migration will come that its plan could see.
    memory.positions.arm(bot, outcome.position, market !== null && hasMigrated(market));
    memory.unstored.set(outcome.position.id, { bot, instrument: outcome.position.instrument });
    const cash = formatAmount(bot.cash);
    draft.botChanged(bot);
    draft.order(bot, outcome.order);
    draft.happened(bot, { type: 'orderFilled', order: outcome.order, cash });
    draft.happened(bot, { type: 'positionOpened', position: positionView(outcome.position), cash });
  }

  function refuse(draft: BatchDraft, bot: RunningBot, signal: ReceivedSignal, refused: Refused): void {
    deps.onRefused(refused.code);
    draft.happened(bot, { type: 'entryRefused', signalId: signal.id, ...refused });
  }

  /** Looks at one position's exits and books what they did. */
  function guard(
    memory: ShardMemory,
    draft: BatchDraft,
    { bot, position }: GuardedPosition,
    market: Market,
  ): void {
    const marketTime = clocks.time(position.venue);
    const { mode } = bot.settings;
    const outcome = leavePosition(
      position,
      { market, marketTime, killSwitch: deps.killSwitch(), mode },
      execute,
    );
    if (outcome.steps.some((step) => step.order !== null && deps.alreadyDone.has(step.order.clientId))) {
      // Its order exists but its row does not say so: nothing that is stored by this program does that.
      memory.positions.disarm(position);
      deps.onInconsistent(position.id);
      return;
    }
    for (const step of outcome.steps) {
      bot.cash += step.received;
      if (step.order === null) continue;
      draft.order(bot, step.order);
      draft.happened(bot, { type: 'orderFilled', order: step.order, cash: formatAmount(bot.cash) });
    }
    const cash = formatAmount(bot.cash);
    if (outcome.trade !== null) {
      memory.positions.disarm(position);
      memory.unstored.delete(position.id);
      letGo(bot, position, parseAmount(outcome.trade.profit), marketTime);
      draft.botChanged(bot);
      draft.closed(bot, position.id, outcome.trade);
      draft.happened(bot, { type: 'tradeCompleted', trade: outcome.trade, cash });
      if (!bot.running && bot.positions.size === 0) forget(memory, bot);
      return;
    }
    // Also when nothing came of it: a position armed to be looked at once has been looked at.
    memory.positions.arm(bot, outcome.position);
    if (outcome.position === position) return;
    hold(bot, outcome.position);
    memory.unstored.set(position.id, { bot, instrument: position.instrument });
    if (outcome.steps.length === 0) return;
    draft.botChanged(bot);
    draft.happened(bot, { type: 'positionChanged', position: positionView(outcome.position), cash });
  }

  function askToClose(
    memory: ShardMemory,
    draft: BatchDraft,
    bot: RunningBot,
    instrument: string,
    by: 'signal' | 'user',
  ): void {
    const position = bot.positions.get(instrument);
    if (position === undefined) return;
    const asked = { ...position, exits: requestClose(position.exits, by) };
    hold(bot, asked);
    memory.positions.arm(bot, asked);
    memory.unstored.set(asked.id, { bot, instrument });
    const market = marketOf(memory, asked.venue, instrument);
    if (market === null || clocks.time(asked.venue) === 0) return;
    guard(memory, draft, { bot, position: asked, triggers: { below: -1n, above: null, dueAt: 0 } }, market);
  }

  return {
    signal(memory, draft, signal) {
      if (signal.venue === 'binance') exchange.observe(signal.instrument, signal.price, signal.eventTime);
      // A copy: bots that close their last position leave the index meanwhile.
      for (const bot of [...memory.rules.find(signal)]) {
        if (bot.running && signal.storedAt >= bot.startedAt) draft.botChanged(bot, 1);
        const decision = decide(bot, signal);
        if (decision.type === 'leave') askToClose(memory, draft, bot, signal.instrument, 'signal');
        else if (decision.type === 'enter' && signal.storedAt >= bot.startedAt) {
          enter(memory, draft, bot, decision.intent, signal);
        }
      }
      memory.cursors.signalCursor = BigInt(signal.id);
      memory.cursorsMoved = true;
    },

    tokenEvent(memory, draft, event) {
      memory.cursors.tokenCursor = event.seq;
      memory.cursorsMoved = true;
      const before = memory.tokens.market(event.mint);
      if (!memory.tokens.apply(event)) return;
      const market = memory.tokens.market(event.mint);
      if (market === null || market.venue !== 'pumpfun' || clocks.time('pumpfun') === 0) return;
      const moved = before?.venue === 'pumpfun' && before.place !== market.place;
      const time = clocks.time('pumpfun');
      const met = moved
        ? memory.positions.of('pumpfun', event.mint)
        : memory.positions.met('pumpfun', event.mint, priceOf(market), time);
      for (const guarded of met) guard(memory, draft, guarded, market);
    },

    tick(memory, draft, venue, instruments) {
      const time = clocks.time(venue);
      for (const instrument of new Set([...instruments, ...memory.positions.due(venue, time)])) {
        const market = marketOf(memory, venue, instrument);
        if (market === null) continue;
        for (const guarded of memory.positions.met(venue, instrument, priceOf(market), time)) {
          guard(memory, draft, guarded, market);
        }
      }
    },

    command(memory, draft, command) {
      const bot = memory.bots.get(command.botId);
      if (bot !== undefined) {
        for (const instrument of [...bot.positions.keys()])
          askToClose(memory, draft, bot, instrument, 'user');
      }
      draft.commandDone(command.id);
    },
  };
}

/** Takes a bot out of memory: it runs no more and holds nothing. */
export function forget(memory: ShardMemory, bot: RunningBot): void {
  memory.rules.remove(bot);
  memory.bots.delete(bot.id);
  for (const position of bot.positions.values()) {
    memory.positions.disarm(position);
    memory.unstored.delete(position.id);
  }
}
