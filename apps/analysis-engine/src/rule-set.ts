import type { ActiveRule } from '@onefeed/db/market';
import { parseStrategy, type Strategy, type StrategyError } from '@onefeed/domain';

export interface CompiledRule {
  ruleKey: string;
  venue: ActiveRule['venue'];
  /** Null for token rules. */
  instrument: string | null;
  strategy: Strategy;
}

export interface RuleChanges {
  added: CompiledRule[];
  removed: CompiledRule[];
}

export interface RuleSet {
  /** What must change so that exactly `active` is evaluated. The caller carries it out. */
  update(active: readonly ActiveRule[]): RuleChanges;
}

/**
 * The rules being evaluated. A stored text that does not compile (it was checked when its bot was made, so the
 * language must have changed) is reported once and left out: other bots go on.
 */
export function createRuleSet(
  onRefused: (rule: ActiveRule, errors: readonly StrategyError[]) => void,
): RuleSet {
  const current = new Map<string, CompiledRule>();
  const refused = new Set<string>();

  function compile(rule: ActiveRule): CompiledRule | null {
    const parsed = parseStrategy(rule.source);
    const { ruleKey, venue, instrument } = rule;
    if (!parsed.ok) {
      onRefused(rule, parsed.errors);
      return null;
    }
    const isToken = parsed.strategy.kind === 'token';
    if (isToken !== (venue === 'pumpfun') || (!isToken && instrument === null)) {
      onRefused(rule, []);
      return null;
    }
    return { ruleKey, venue, instrument: isToken ? null : instrument, strategy: parsed.strategy };
  }

  return {
    update(active) {
      const wanted = new Map<string, ActiveRule>();
      for (const rule of active) {
        // A bot may name instruments on pumpfun; its rule looks at every token all the same.
        const instrument = rule.venue === 'pumpfun' ? '' : rule.instrument;
        wanted.set(`${rule.venue} ${instrument} ${rule.ruleKey}`, rule);
      }
      const changes: RuleChanges = { added: [], removed: [] };
      for (const [key, rule] of current) {
        if (wanted.has(key)) continue;
        current.delete(key);
        changes.removed.push(rule);
      }
      for (const key of refused) if (!wanted.has(key)) refused.delete(key);
      for (const [key, rule] of wanted) {
        if (current.has(key) || refused.has(key)) continue;
        const compiled = compile(rule);
        if (compiled === null) {
          refused.add(key);
        } else {
          current.set(key, compiled);
          changes.added.push(compiled);
        }
      }
      return changes;
    },
  };
}
