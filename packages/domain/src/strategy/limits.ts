/** What a strategy's text may be at most. Hostile text is refused on these before any deep work is done. */
export const STRATEGY_LIMITS = {
  characters: 8_192,
  /** Words and signs of the text: bounds the parser's work before nodes can be counted. */
  words: 1_500,
  /** Operators, calls, names and numbers of all rules together. */
  nodes: 200,
  period: 1_000,
  /** Parentheses in parentheses; unary signs count too. */
  nesting: 50,
  params: 32,
  /** Largest absolute value of a number. */
  number: 1e15,
} as const;
