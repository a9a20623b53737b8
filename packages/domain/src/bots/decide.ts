import type { Signal } from '@onefeed/contracts';
import { type BotState, stakeOf } from './bot-state.ts';
import { positionIdOf } from './identity.ts';
import type { EntryIntent } from './intent.ts';

/** What a bot makes of a signal: it wants in, wants out of a position it holds, or has nothing to do with it. */
export type BotDecision =
  | { readonly type: 'enter'; readonly intent: EntryIntent }
  | { readonly type: 'leave'; readonly positionId: string }
  | { readonly type: 'ignore' };

const IGNORE: BotDecision = { type: 'ignore' };

/** True when the bot's strategy and instruments are those of the signal. */
export function concernsBot(
  bot: BotState,
  signal: Pick<Signal, 'venue' | 'instrument' | 'ruleKey'>,
): boolean {
  const { settings } = bot;
  return (
    settings.venue === signal.venue &&
    settings.ruleKey === signal.ruleKey &&
    (settings.instruments.length === 0 || settings.instruments.includes(signal.instrument))
  );
}

/**
 * The bot's own wish on a signal, before risk. Pure: the same state and signal always give the same decision and ids.
 * A stopped bot enters nothing, but its strategy still takes it out of what it holds.
 */
export function decide(bot: BotState, signal: Signal): BotDecision {
  if (!concernsBot(bot, signal)) return IGNORE;
  if (signal.kind === 'exit') {
    const position = bot.positions.get(signal.instrument);
    return position === undefined ? IGNORE : { type: 'leave', positionId: position.id };
  }
  if (!bot.running) return IGNORE;
  return {
    type: 'enter',
    intent: {
      kind: 'entry',
      mode: bot.settings.mode,
      botId: bot.id,
      signalId: signal.id,
      positionId: positionIdOf(bot.id, signal.id),
      instrument: signal.instrument,
      stake: stakeOf(bot),
    },
  };
}
