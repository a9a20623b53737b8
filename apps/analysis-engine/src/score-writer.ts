import type { TokensRepository } from '@onefeed/db/market';
import type { TokenScore } from '@onefeed/domain';

export interface ScoreWriter {
  /** Keeps the newest score of the token for the next flush. */
  note(score: TokenScore): void;
  /** Writes what is noted. A failure keeps the scores for the next time. */
  flush(): Promise<void>;
}

/** Scores waiting; past it new tokens wait for the flush: scores are for display, and come again with each event. */
const MAX_WAITING = 20_000;

/** Stores scores in batches: the newest a token, whatever the number of events in between. */
export function createScoreWriter(deps: { tokens: Pick<TokensRepository, 'setScores'> }): ScoreWriter {
  let waiting = new Map<string, number>();
  return {
    note({ mint, aiScore }) {
      if (waiting.size < MAX_WAITING || waiting.has(mint)) waiting.set(mint, aiScore);
    },
    async flush() {
      if (waiting.size === 0) return;
      const batch = waiting;
      waiting = new Map();
      try {
        await deps.tokens.setScores([...batch].map(([mint, score]) => ({ mint, score })));
      } catch (error) {
        for (const [mint, aiScore] of batch) if (!waiting.has(mint)) waiting.set(mint, aiScore);
        throw error;
      }
    },
  };
}
