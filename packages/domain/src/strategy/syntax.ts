import type { Position } from './strategy-error.ts';

export type ComparisonSymbol = '<' | '<=' | '>' | '>=' | '==' | '!=';
export type ArithmeticSymbol = '+' | '-' | '*' | '/';
export type LogicSymbol = 'and' | 'or';
export type BinarySymbol = ComparisonSymbol | ArithmeticSymbol | LogicSymbol;

/** An expression as written: names are not yet looked up. */
export type Syntax =
  | { type: 'number'; value: number; at: Position }
  | { type: 'name'; name: string; at: Position }
  | { type: 'call'; name: string; arguments: Syntax[]; at: Position }
  | { type: 'member'; operand: Syntax; name: string; at: Position }
  | { type: 'sampled'; operand: Syntax; timeframe: string; at: Position }
  | { type: 'unary'; symbol: '-' | 'not'; operand: Syntax; at: Position }
  | { type: 'binary'; symbol: BinarySymbol; left: Syntax; right: Syntax; at: Position };

export interface ParamSyntax {
  name: string;
  value: number;
  minimum: number;
  maximum: number;
  at: Position;
}

/** A whole strategy as written; each list should hold at most one, which is checked afterwards. */
export interface StrategySyntax {
  tokenKeywords: Position[];
  timeframes: { name: string; at: Position }[];
  params: ParamSyntax[];
  entries: { rule: Syntax; at: Position }[];
  exits: { rule: Syntax; at: Position }[];
}
