import type { Signal, Venue } from '@onefeed/contracts';
import type { BotSettings } from '@onefeed/domain';
import type { RunningBot } from './running-bot.ts';

/** (venue, rule, instrument) -> bots, so that a signal costs its bots and not all bots. */
export interface RuleIndex {
  add(bot: RunningBot): void;
  /** Call with the settings it was added with. */
  remove(bot: RunningBot): void;
  /** Bots a signal concerns, each once, in the order they were added. */
  find(signal: Pick<Signal, 'venue' | 'ruleKey' | 'instrument'>): Iterable<RunningBot>;
}

const EVERY = '*';
const keyOf = (venue: Venue, ruleKey: string, instrument: string) => `${venue} ${ruleKey} ${instrument}`;
const keysOf = ({ venue, ruleKey, instruments }: BotSettings): string[] =>
  instruments.length === 0
    ? [keyOf(venue, ruleKey, EVERY)]
    : [...new Set(instruments)].map((instrument) => keyOf(venue, ruleKey, instrument));

export function createRuleIndex(): RuleIndex {
  const byKey = new Map<string, Set<RunningBot>>();
  return {
    add(bot) {
      for (const key of keysOf(bot.settings)) {
        const bots = byKey.get(key);
        if (bots === undefined) byKey.set(key, new Set([bot]));
        else bots.add(bot);
      }
    },
    remove(bot) {
      for (const key of keysOf(bot.settings)) {
        const bots = byKey.get(key);
        bots?.delete(bot);
        if (bots?.size === 0) byKey.delete(key);
      }
    },
    *find({ venue, ruleKey, instrument }) {
      yield* byKey.get(keyOf(venue, ruleKey, instrument)) ?? [];
      yield* byKey.get(keyOf(venue, ruleKey, EVERY)) ?? [];
    },
  };
}
