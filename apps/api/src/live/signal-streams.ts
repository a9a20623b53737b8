import type { Signal } from '@onefeed/contracts';
import type { BotQueries, SignalQueries } from '@onefeed/db';
import type { Hub } from './hub.ts';
import type { LiveStream } from './live-stream.ts';

const SNAPSHOT_SIGNALS = 50;
const SHARED_KEY = 'signals';

/**
 * Signals of built-in rules are everybody's and travel on one shared stream. A rule of a user's own is its
 * owner's business (I8): who has one reads a stream of their own, which holds both.
 */
export interface SignalStreams {
  /** The stream that a user (null: nobody logged in) may read now. Null at the hub's bound. */
  open(userId: string | null): Promise<LiveStream | null>;
  /** Rules whose signals a user may see. */
  visibleRules(userId: string): Promise<string[]>;
  apply(signals: readonly Signal[]): void;
  forget(keys: readonly string[]): void;
}

export function createSignalStreams(deps: {
  hub: Hub;
  builtInRules: ReadonlySet<string>;
  bots: Pick<BotQueries, 'ruleKeys'>;
  signals: Pick<SignalQueries, 'list'>;
}): SignalStreams {
  const ownRules = new Map<string, ReadonlySet<string>>();
  const builtIn = [...deps.builtInRules];

  const snapshotOf = (rules: () => readonly string[]) => async () => ({
    signals: await deps.signals.list({ ruleKeys: rules() }, SNAPSHOT_SIGNALS, null),
  });

  const keyOf = (userId: string): string => `${SHARED_KEY}:${userId}`;

  return {
    open: async (userId) => {
      const own =
        userId === null
          ? []
          : (await deps.bots.ruleKeys(userId)).filter((rule) => !deps.builtInRules.has(rule));
      if (userId === null || own.length === 0) {
        return deps.hub.open({
          key: SHARED_KEY,
          channel: 'signals',
          kind: 'event',
          readSnapshot: snapshotOf(() => builtIn),
        });
      }
      const key = keyOf(userId);
      const stream = deps.hub.open({
        key,
        channel: 'signals',
        kind: 'event',
        readSnapshot: snapshotOf(() => [...builtIn, ...(ownRules.get(key) ?? own)]),
      });
      if (stream) ownRules.set(key, new Set(own));
      return stream;
    },
    visibleRules: async (userId) => [...new Set([...builtIn, ...(await deps.bots.ruleKeys(userId))])],
    apply: (signals) => {
      const shared = signals.filter((signal) => deps.builtInRules.has(signal.ruleKey));
      if (shared.length > 0) deps.hub.find(SHARED_KEY)?.publish({ signals: shared });
      for (const [key, rules] of ownRules) {
        const visible = signals.filter(({ ruleKey }) => deps.builtInRules.has(ruleKey) || rules.has(ruleKey));
        if (visible.length > 0) deps.hub.find(key)?.publish({ signals: visible });
      }
    },
    forget: (keys) => {
      for (const key of keys) ownRules.delete(key);
    },
  };
}
