import type { Timeframe } from '@onefeed/contracts';
import type { Bar } from '../candles/bar.ts';
import type { Expression } from '../strategy/expression.ts';
import { createNode, type Node, type NodeSpec, nodeKey } from './node.ts';

export interface NodeSet {
  /** The node of an expression, made with all below it when there is none yet. Not retained. */
  compile(expression: Expression, timeframe: Timeframe): Node;
  retain(node: Node): void;
  /** Gives a reference back; a node nobody reads goes, and lets go of its inputs. */
  release(node: Node): void;
  /** Takes over a node of another set with its state; an equal node here, with its state, wins. */
  adopt(node: Node): Node;
  /** Brings the nodes of the timeframe to the candle, inputs first. Gives the number of evaluations. */
  step(timeframe: Timeframe, bar: Bar, closeTime: number): number;
  /** Whether any node works on the timeframe. */
  uses(timeframe: Timeframe): boolean;
  size(): number;
}

/** The hash-consed nodes of one instrument. */
export function createNodeSet(): NodeSet {
  // Insertion order is topological: a node is made after its inputs and never outlives them.
  const nodes = new Map<string, Node>();
  const order = new Map<Timeframe, Node[]>();

  function insert(node: Node): Node {
    nodes.set(node.key, node);
    for (const input of node.inputs) {
      input.references++;
      if (input.timeframe !== node.timeframe) input.samplers.push(node);
    }
    order.delete(node.timeframe);
    return node;
  }

  function intern(spec: NodeSpec, timeframe: Timeframe, inputs: Node[] = []): Node {
    const key = nodeKey(spec, timeframe, inputs);
    return nodes.get(key) ?? insert(createNode(spec, key, timeframe, inputs));
  }

  function compile(expression: Expression, timeframe: Timeframe): Node {
    switch (expression.op) {
      case 'number':
      case 'series':
        return intern(expression, timeframe);
      case 'field':
        throw new Error(`the token field ${expression.name} has no value on candles`);
      case 'indicator':
        return compileIndicator(expression, timeframe);
      case 'sampled':
        return intern({ op: 'sampled' }, timeframe, [compile(expression.operand, expression.timeframe)]);
      case 'negate':
      case 'not':
        return intern({ op: expression.op }, timeframe, [compile(expression.operand, timeframe)]);
      default: {
        const { left, right, ...spec } = expression;
        return intern(spec, timeframe, [compile(left, timeframe), compile(right, timeframe)]);
      }
    }
  }

  /** MACD and Bollinger bands become the steps they are made of, so that their averages are shared too. */
  function compileIndicator(expression: Expression & { op: 'indicator' }, timeframe: Timeframe): Node {
    const { name, output } = expression;
    const [period = 1, secondSetting = 1, thirdSetting = 1] = expression.settings;
    if (name === 'atr' || expression.input === null) return intern({ op: 'atr', period }, timeframe);
    const input = compile(expression.input, timeframe);
    const average = (kind: 'ema' | 'sma', of: Node, length: number) =>
      intern({ op: 'indicator', name: kind, period: length }, timeframe, [of]);
    const combine = (symbol: '+' | '-' | '*', left: Node, right: Node) =>
      intern({ op: 'arithmetic', symbol }, timeframe, [left, right]);
    if (name === 'macd') {
      const line = combine('-', average('ema', input, period), average('ema', input, secondSetting));
      if (output === 'line') return line;
      const signal = average('ema', line, thirdSetting);
      return output === 'signal' ? signal : combine('-', line, signal);
    }
    if (name === 'bollinger') {
      const middle = average('sma', input, period);
      if (output === 'middle') return middle;
      const deviation = intern({ op: 'indicator', name: 'deviation', period }, timeframe, [input]);
      const multiplier = intern({ op: 'number', value: secondSetting }, timeframe);
      return combine(output === 'upper' ? '+' : '-', middle, combine('*', multiplier, deviation));
    }
    return intern({ op: 'indicator', name, period }, timeframe, [input]);
  }

  function release(node: Node): void {
    node.references--;
    if (node.references > 0) return;
    nodes.delete(node.key);
    order.delete(node.timeframe);
    for (const input of node.inputs) {
      const place = input.samplers.indexOf(node);
      if (place >= 0) input.samplers.splice(place, 1);
      release(input);
    }
  }

  function adopt(node: Node): Node {
    const existing = nodes.get(node.key);
    if (existing !== undefined) return existing;
    const inputs = node.inputs.map(adopt);
    return insert({ ...node, inputs, references: 0, samplers: [] });
  }

  function inOrder(timeframe: Timeframe): Node[] {
    let ordered = order.get(timeframe);
    if (ordered === undefined) {
      ordered = [...nodes.values()].filter((node) => node.timeframe === timeframe);
      order.set(timeframe, ordered);
    }
    return ordered;
  }

  return {
    compile,
    retain(node) {
      node.references++;
    },
    release,
    adopt,
    step(timeframe, bar, closeTime) {
      const ordered = inOrder(timeframe);
      for (const node of ordered) {
        node.value = node.step(bar, node.inputs);
        for (const sampler of node.samplers) sampler.receive?.(closeTime, node.value);
      }
      return ordered.length;
    },
    uses: (timeframe) => inOrder(timeframe).length > 0,
    size: () => nodes.size,
  };
}
