import type { Reserves, SignalDraft, SignalKind, TokenEvent } from '@onefeed/contracts';
import { explain } from '../graph/provenance.ts';
import { formatAmount } from '../money/amount.ts';
import type { Expression } from '../strategy/expression.ts';
import type { Strategy } from '../strategy/strategy.ts';
import type { Predictor } from './predictor.ts';
import { createTokenBook, TOKEN_BOOK_LIMITS, type TokenBookLimits } from './token-book.ts';
import { createTokenExpressions, type TokenExpression } from './token-expressions.ts';
import type { TrackedToken } from './token-features.ts';
import { isTokenFieldName, tokenField } from './token-fields.ts';

export interface TokenRule {
  ruleKey: string;
  strategy: Strategy;
}

export interface TokenScore {
  mint: string;
  aiScore: number;
}

export interface TokenAnalysisStats {
  rules: number;
  nodes: number;
  evaluations: number;
  tokensTracked: number;
  /** Scores given to new events: once an event, whatever the number of rules; rebuilding does not count. */
  tokensScored: number;
}

export interface TokenAnalysis {
  /** Adds one reference. Tokens on which the entry is true already are left alone: it turned true before. */
  addRule(rule: TokenRule): void;
  /** Gives one reference back; with the last one the rule goes. */
  removeRule(ruleKey: string): void;
  /**
   * Takes the next event. `emit` false rebuilds state without signals. An entry is given at most once a token
   * and rule, exits on the rising edge after an entry.
   */
  onEvent(
    event: TokenEvent,
    options?: { emit: boolean },
  ): { drafts: SignalDraft[]; score: TokenScore | null };
  stats(): TokenAnalysisStats;
}

interface RuleState extends TokenRule {
  references: number;
  entry: TokenExpression;
  exit: TokenExpression | null;
  /** Tokens whose entry was true once, with whether the exit is true now. */
  entered: Map<string, { exitIsTrue: boolean }>;
}

/** SOL per whole token, from lamports (1e-9) over base units (1e-6), cut after 18 decimals; curve and pool alike. */
function priceText({ virtualSolLamports, virtualTokenUnits }: Reserves): string {
  const units = BigInt(virtualTokenUnits);
  return formatAmount(units === 0n ? 0n : (BigInt(virtualSolLamports) * 10n ** 15n) / units);
}

const isBooleanField = (name: string) => isTokenFieldName(name) && tokenField(name).type === 'boolean';

/** Every token followed and scored once, for the rules of all users. */
export function createTokenAnalysis(deps: { predictor: Predictor; limits?: TokenBookLimits }): TokenAnalysis {
  const expressions = createTokenExpressions();
  const rules = new Map<string, RuleState>();
  const book = createTokenBook(deps.limits ?? TOKEN_BOOK_LIMITS, (mint) => {
    for (const rule of rules.values()) rule.entered.delete(mint);
  });
  /** Counts evaluations' rounds: each event, and each token looked at when a rule comes. */
  let round = 0;
  let tokensScored = 0;

  function draft(
    rule: RuleState,
    kind: SignalKind,
    expression: Expression,
    token: TrackedToken,
    event: TokenEvent,
  ): SignalDraft {
    const readValue = (part: Expression) => {
      const value = expressions.compile(part).valueFor(round, token.features);
      expressions.release(part);
      return value;
    };
    return {
      venue: 'pumpfun',
      instrument: event.mint,
      ruleKey: rule.ruleKey,
      kind,
      eventTime: event.at,
      eventId: String(event.seq),
      price: priceText(token.reserves),
      provenance: explain(expression, rule.strategy.timeframe, readValue, isBooleanField),
    };
  }

  /** Brings the rule's state to the token; gives what turned true. */
  function evaluate(rule: RuleState, token: TrackedToken): SignalKind | null {
    const { features } = token;
    const entered = rule.entered.get(features.mint);
    if (entered === undefined) {
      if (features.untradeableReason !== null || rule.entry.valueFor(round, features) !== 1) return null;
      rule.entered.set(features.mint, { exitIsTrue: rule.exit?.valueFor(round, features) === 1 });
      return 'entry';
    }
    if (rule.exit === null) return null;
    const before = entered.exitIsTrue;
    entered.exitIsTrue = rule.exit.valueFor(round, features) === 1;
    return entered.exitIsTrue && !before ? 'exit' : null;
  }

  return {
    addRule({ ruleKey, strategy }) {
      const known = rules.get(ruleKey);
      if (known !== undefined) {
        known.references++;
        return;
      }
      const entry = expressions.compile(strategy.entry);
      const exit = strategy.exit === null ? null : expressions.compile(strategy.exit);
      const rule: RuleState = { ruleKey, strategy, references: 1, entry, exit, entered: new Map() };
      rules.set(ruleKey, rule);
      for (const token of book.tracked()) {
        round++;
        evaluate(rule, token);
      }
    },
    removeRule(ruleKey) {
      const rule = rules.get(ruleKey);
      if (rule === undefined || --rule.references > 0) return;
      rules.delete(ruleKey);
      expressions.release(rule.strategy.entry);
      if (rule.strategy.exit !== null) expressions.release(rule.strategy.exit);
    },
    onEvent(event, { emit } = { emit: true }) {
      const token = book.apply(event);
      if (token === null) return { drafts: [], score: null };
      round++;
      const aiScore = deps.predictor.score(token.features);
      token.score(aiScore);
      if (aiScore !== null && emit) tokensScored++;
      const drafts: SignalDraft[] = [];
      for (const rule of rules.values()) {
        const kind = evaluate(rule, token);
        if (kind === null || !emit) continue;
        const expression = kind === 'entry' ? rule.strategy.entry : rule.strategy.exit;
        if (expression !== null) drafts.push(draft(rule, kind, expression, token, event));
      }
      return { drafts, score: aiScore === null ? null : { mint: event.mint, aiScore } };
    },
    stats: () => ({ rules: rules.size, ...expressions.stats(), tokensTracked: book.size(), tokensScored }),
  };
}
