import type { StrategyKind, StrategyProblem } from '@onefeed/contracts';
import { formatStrategy, parseStrategy } from '@onefeed/domain';
import { ruleKeyOf } from './rule-key.ts';

export interface CompiledStrategy {
  kind: StrategyKind;
  canonicalSource: string;
  ruleKey: string;
}

export type CompileResult =
  | { ok: true; strategy: CompiledStrategy }
  | { ok: false; problems: StrategyProblem[] };

/** Reads a strategy's text and gives it its identity. Never throws; bounded by the domain's STRATEGY_LIMITS. */
export function compileStrategy(source: string): CompileResult {
  const parsed = parseStrategy(source);
  if (!parsed.ok) return { ok: false, problems: parsed.errors };
  const canonicalSource = formatStrategy(parsed.strategy);
  return {
    ok: true,
    strategy: { kind: parsed.strategy.kind, canonicalSource, ruleKey: ruleKeyOf(canonicalSource) },
  };
}
