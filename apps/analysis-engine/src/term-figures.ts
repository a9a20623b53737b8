/** What is told of a term that works. */
export interface TermFigures {
  rules: number;
  nodes: number;
  nodeEvaluations: number;
  tokensTracked: number;
  tokensScored: number;
  /** Stored since ever: ids have no gaps. */
  signalsTotal: number;
  candlesCursor: number;
  tokensCursor: number;
  /** By the venue's clock; null before a candle came. */
  lastCandleLagMs: number | null;
}
