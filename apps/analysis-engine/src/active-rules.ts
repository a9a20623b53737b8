import type { RulesRepository } from '@onefeed/db/market';
import type { StrategyError } from '@onefeed/domain';
import type { Logger } from 'pino';
import type { CandleStage } from './candle-stage.ts';
import type { EngineMetrics } from './metrics.ts';
import { createRuleSet } from './rule-set.ts';
import type { TokenStage } from './token-stage.ts';

export interface ActiveRulesDeps {
  rules: Pick<RulesRepository, 'active'>;
  candleStage: Pick<CandleStage, 'add' | 'remove'>;
  tokenStage: Pick<TokenStage, 'rules'>;
  metrics: Pick<EngineMetrics, 'rulesRefused'>;
  logger: Pick<Logger, 'warn'>;
  /** Aborted at the end of the term: no further rule is warmed up. */
  ended: AbortSignal;
}

export interface ActiveRules {
  /**
   * Makes the stages evaluate exactly the rules of running bots; true when that changed anything. `liveFrom` is
   * the market time from which rules that come now may signal. Not to be called concurrently.
   */
  sync(liveFrom?: number): Promise<boolean>;
}

export function createActiveRules(deps: ActiveRulesDeps): ActiveRules {
  const { candleStage, tokenStage } = deps;
  const ruleSet = createRuleSet((rule, errors: readonly StrategyError[]) => {
    deps.metrics.rulesRefused.inc();
    deps.logger.warn({ ruleKey: rule.ruleKey, venue: rule.venue, errors }, 'stored strategy left out');
  });
  return {
    async sync(liveFrom) {
      const { added, removed } = ruleSet.update(await deps.rules.active());
      for (const { ruleKey, instrument } of removed) {
        if (instrument === null) tokenStage.rules.removeRule(ruleKey);
        else candleStage.remove({ ruleKey, instrument });
      }
      for (const { ruleKey, instrument, strategy } of added) {
        if (deps.ended.aborted) return false;
        if (instrument === null) tokenStage.rules.addRule({ ruleKey, strategy });
        else await candleStage.add({ ruleKey, strategy, instrument }, liveFrom);
      }
      return added.length + removed.length > 0;
    },
  };
}
