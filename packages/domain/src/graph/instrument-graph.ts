import type { Candle, SignalDraft, SignalKind, Timeframe, Venue } from '@onefeed/contracts';
import { byCloseTime, closeTimeOf, toBar } from '../candles/bar.ts';
import type { Expression } from '../strategy/expression.ts';
import type { Strategy } from '../strategy/strategy.ts';
import type { Node } from './node.ts';
import { createNodeSet } from './node-set.ts';
import { explain } from './provenance.ts';

/** A rule as it is added to an instrument. */
export interface InstrumentRule {
  ruleKey: string;
  strategy: Strategy;
  /** Only candles that close after this time (ms) may give signals: what was before is history. */
  liveFrom: number;
}

interface Part {
  kind: SignalKind;
  expression: Expression;
  node: Node;
  /** Whether it was true on the newest candle: a signal is given when it becomes so. */
  isTrue: boolean;
}

interface RuleState extends InstrumentRule {
  parts: Part[];
}

export interface InstrumentGraph {
  addRule(rule: InstrumentRule, history: readonly Candle[]): void;
  removeRule(ruleKey: string): boolean;
  hasRule(ruleKey: string): boolean;
  rules(): InstrumentRule[];
  onCandle(candle: Candle, emit: boolean): SignalDraft[];
  newestOpenTime(timeframe: Timeframe): number | undefined;
  stats(): { rules: number; nodes: number; evaluations: number };
  /** For a graph that takes this one's rules over with their state. */
  parts(ruleKey: string): readonly Part[];
}

/** The rules of all users on one instrument, over all its timeframes. */
export function createInstrumentGraph(venue: Venue, instrument: string): InstrumentGraph {
  const nodes = createNodeSet();
  const rules = new Map<string, RuleState>();
  const newest = new Map<Timeframe, number>();
  let evaluations = 0;

  /** A rule on nodes made for it here. */
  function compileRule(rule: InstrumentRule): RuleState {
    const { strategy } = rule;
    const written: [SignalKind, Expression | null][] = [
      ['entry', strategy.entry],
      ['exit', strategy.exit],
    ];
    const parts = written.flatMap(([kind, expression]): Part[] => {
      if (expression === null) return [];
      const node = nodes.compile(expression, strategy.timeframe);
      nodes.retain(node);
      return [{ kind, expression, node, isTrue: false }];
    });
    return { ...rule, parts };
  }

  function draft(rule: RuleState, part: Part, candle: Candle): SignalDraft {
    const { timeframe } = rule.strategy;
    const readValue = (expression: Expression, on: Timeframe) => nodes.compile(expression, on).value;
    return {
      venue,
      instrument,
      ruleKey: rule.ruleKey,
      kind: part.kind,
      eventTime: closeTimeOf(candle),
      eventId: `${candle.timeframe}:${candle.openTime}`,
      price: candle.close,
      provenance: explain(part.expression, timeframe, readValue),
    };
  }

  const graph: InstrumentGraph = {
    addRule(rule, history) {
      if (rules.has(rule.ruleKey)) return;
      if (history.length === 0) {
        rules.set(rule.ruleKey, compileRule(rule));
        return;
      }
      // Warmed apart, then taken over: nodes that live here already keep their state and are not fed twice.
      const scratch = createInstrumentGraph(venue, instrument);
      scratch.addRule(rule, []);
      for (const candle of [...history].sort(byCloseTime)) {
        scratch.onCandle(candle, false);
        if (candle.openTime > (newest.get(candle.timeframe) ?? -1))
          newest.set(candle.timeframe, candle.openTime);
      }
      evaluations += scratch.stats().evaluations;
      const parts = scratch.parts(rule.ruleKey).map((part) => {
        const node = nodes.adopt(part.node);
        nodes.retain(node);
        return { ...part, node };
      });
      rules.set(rule.ruleKey, { ...rule, parts });
    },
    removeRule(ruleKey) {
      const rule = rules.get(ruleKey);
      if (rule === undefined) return false;
      rules.delete(ruleKey);
      for (const part of rule.parts) nodes.release(part.node);
      return true;
    },
    hasRule: (ruleKey) => rules.has(ruleKey),
    rules: () =>
      [...rules.values()].map(({ ruleKey, strategy, liveFrom }) => ({ ruleKey, strategy, liveFrom })),
    onCandle(candle, emit) {
      const { timeframe, openTime } = candle;
      if (!candle.closed || !nodes.uses(timeframe)) return [];
      if (openTime <= (newest.get(timeframe) ?? -1)) return [];
      newest.set(timeframe, openTime);
      const closeTime = closeTimeOf(candle);
      evaluations += nodes.step(timeframe, toBar(candle), closeTime);
      const drafts: SignalDraft[] = [];
      for (const rule of rules.values()) {
        if (rule.strategy.timeframe !== timeframe) continue;
        for (const part of rule.parts) {
          const isTrue = part.node.value === 1;
          if (isTrue && !part.isTrue && emit && closeTime > rule.liveFrom)
            drafts.push(draft(rule, part, candle));
          part.isTrue = isTrue;
        }
      }
      return drafts;
    },
    newestOpenTime: (timeframe) => newest.get(timeframe),
    stats: () => ({ rules: rules.size, nodes: nodes.size(), evaluations }),
    parts: (ruleKey) => rules.get(ruleKey)?.parts ?? [],
  };
  return graph;
}
