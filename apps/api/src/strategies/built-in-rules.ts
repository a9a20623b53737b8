import { BUILT_IN_STRATEGIES, type BuiltInStrategy } from '@onefeed/domain';
import { compileStrategy } from './compile-strategy.ts';

export interface BuiltInRule extends BuiltInStrategy {
  ruleKey: string;
}

/** The built-in strategies with their rule keys. Throws when one does not compile: a defect of the program. */
export function readBuiltInRules(): readonly BuiltInRule[] {
  return BUILT_IN_STRATEGIES.map((strategy) => {
    const compiled = compileStrategy(strategy.source);
    if (!compiled.ok) throw new Error(`The built-in strategy ${strategy.name} does not compile.`);
    return { ...strategy, ruleKey: compiled.strategy.ruleKey };
  });
}
