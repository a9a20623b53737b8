import type { Timeframe } from '@onefeed/contracts';
import type { Bar } from '../candles/bar.ts';
import { createAtr, createSeriesIndicator, type ElementaryIndicator } from '../indicators/indicators.ts';
import type { SeriesName } from '../strategy/expression.ts';
import type { ArithmeticSymbol, ComparisonSymbol, LogicSymbol } from '../strategy/syntax.ts';
import { arithmetic, compare, logic, not, UNKNOWN } from './operators.ts';

/** One operator on one timeframe of one instrument: exists once for all rules that contain it. */
export interface Node {
  /** Timeframe and structure: equal keys mean equal values. */
  readonly key: string;
  readonly timeframe: Timeframe;
  /** Nodes it reads; a node of another graph is replaced by the equal one when it is adopted. */
  readonly inputs: Node[];
  /** After the newest candle of the timeframe; see operators.ts for truth and "not known". */
  value: number;
  /** Rules and nodes that read it; removed at 0. */
  references: number;
  /** Nodes of shorter timeframes that look at this one. */
  readonly samplers: Node[];
  /** The value for the next candle of the timeframe; keeps its own state. */
  step(bar: Bar, inputs: readonly Node[]): number;
  /** Of samplers only: a value of the longer timeframe, known from `closeTime` on. */
  receive?(closeTime: number, value: number): void;
}

/** What a node does, before it is known whether it exists already. */
export type NodeSpec =
  | { op: 'number'; value: number }
  | { op: 'series'; name: SeriesName }
  | { op: 'indicator'; name: ElementaryIndicator; period: number }
  | { op: 'atr'; period: number }
  | { op: 'cross'; direction: 'over' | 'under' }
  | { op: 'sampled' }
  | { op: 'negate' }
  | { op: 'not' }
  | { op: 'arithmetic'; symbol: ArithmeticSymbol }
  | { op: 'compare'; symbol: ComparisonSymbol }
  | { op: 'logic'; symbol: LogicSymbol };

/** The structural identity of a node. */
export function nodeKey(spec: NodeSpec, timeframe: Timeframe, inputs: readonly Node[]): string {
  return `${timeframe}:${Object.values(spec).join(' ')}(${inputs.map((input) => input.key).join(',')})`;
}

/** A fresh node; nothing is known yet. */
export function createNode(spec: NodeSpec, key: string, timeframe: Timeframe, inputs: Node[]): Node {
  const node = { key, timeframe, inputs, value: UNKNOWN, references: 0, samplers: [] };
  if (spec.op !== 'sampled') return { ...node, step: createStep(spec) };
  const sampler = createSampler();
  return { ...node, step: (bar) => sampler.at(bar.openTime), receive: sampler.receive };
}

type Step = Node['step'];

const first = (inputs: readonly Node[]) => inputs[0]?.value ?? UNKNOWN;
const second = (inputs: readonly Node[]) => inputs[1]?.value ?? UNKNOWN;

function createStep(spec: Exclude<NodeSpec, { op: 'sampled' }>): Step {
  switch (spec.op) {
    case 'number':
      return () => spec.value;
    case 'series': {
      const { name } = spec;
      return (bar) => bar[name];
    }
    case 'indicator': {
      const indicator = createSeriesIndicator(spec.name, spec.period);
      return (_bar, inputs) => {
        const value = first(inputs);
        // A candle without a value leaves the indicator as it was: it is not a zero.
        return Number.isNaN(value) ? UNKNOWN : indicator.update(value);
      };
    }
    case 'atr': {
      const atr = createAtr(spec.period);
      return (bar) => atr.update(bar);
    }
    case 'cross':
      return createCrossing(spec.direction);
    case 'negate':
      return (_bar, inputs) => arithmetic('-', 0, first(inputs));
    case 'not':
      return (_bar, inputs) => not(first(inputs));
    case 'arithmetic': {
      const { symbol } = spec;
      return (_bar, inputs) => arithmetic(symbol, first(inputs), second(inputs));
    }
    case 'compare': {
      const { symbol } = spec;
      return (_bar, inputs) => compare(symbol, first(inputs), second(inputs));
    }
    case 'logic': {
      const { symbol } = spec;
      return (_bar, inputs) => logic(symbol, first(inputs), second(inputs));
    }
  }
}

/** True on the candle on which left gets past right: before it was at most (at least) equal. */
function createCrossing(direction: 'over' | 'under'): Step {
  let before = UNKNOWN;
  const sign = direction === 'over' ? 1 : -1;
  return (_bar, inputs) => {
    const now = sign * (first(inputs) - second(inputs));
    const crossed = Number.isNaN(now) || Number.isNaN(before) ? UNKNOWN : now > 0 && before <= 0 ? 1 : 0;
    before = now;
    return crossed;
  };
}

/** Values of a longer timeframe kept until the shorter one has passed them: enough for long catch-ups. */
const SAMPLES_KEPT = 64;

/**
 * Shows a shorter timeframe the last value of a longer one that was known when the shorter candle opened. A
 * longer candle that closes at the very instant the shorter one does is seen by the next: which of the two
 * arrives first then makes no difference, and nothing is ever seen before its time.
 */
function createSampler() {
  const samples: { closeTime: number; value: number }[] = [];
  return {
    receive(closeTime: number, value: number): void {
      samples.push({ closeTime, value });
      if (samples.length > SAMPLES_KEPT) samples.shift();
    },
    at(openTime: number): number {
      while (samples[1] !== undefined && samples[1].closeTime <= openTime) samples.shift();
      const sample = samples[0];
      return sample !== undefined && sample.closeTime <= openTime ? sample.value : UNKNOWN;
    },
  };
}
