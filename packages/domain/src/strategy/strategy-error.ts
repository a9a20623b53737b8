/** What is wrong with a strategy's text, and where. Lines and columns count from 1. */
export interface StrategyError {
  line: number;
  column: number;
  message: string;
  /** What the writer probably meant. */
  hint?: string;
}

export interface Position {
  line: number;
  column: number;
}

export function strategyError(at: Position, message: string, hint?: string): StrategyError {
  return { line: at.line, column: at.column, message, ...(hint === undefined ? {} : { hint }) };
}
