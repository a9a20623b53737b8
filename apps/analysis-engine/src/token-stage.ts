import type { SignalDraft, TokenEvent } from '@onefeed/contracts';
import type { EngineCursorsRepository } from '@onefeed/db/market';
import {
  createHandWeightedPredictor,
  createTokenAnalysis,
  TOKEN_BOOK_LIMITS,
  type TokenAnalysis,
  type TokenScore,
} from '@onefeed/domain';

export interface TokenStage {
  readonly rules: Pick<TokenAnalysis, 'addRule' | 'removeRule'>;
  /** Reads the kept events of the tokens that live, up to the cursor, without signals. */
  rebuild(): Promise<void>;
  take(events: readonly TokenEvent[]): SignalDraft[];
  stats(): ReturnType<TokenAnalysis['stats']>;
}

export interface TokenStageDeps {
  engineCursors: Pick<EngineCursorsRepository, 'liveMints' | 'tokenHistory'>;
  /** seq of the last event whose signals are stored. */
  cursor: number;
  onScore(score: TokenScore): void;
}

/** Small enough that a page with thousands of rules does not hold the event loop up. */
const PAGE = 1_000;

/**
 * Tokens and their rules on the stream of stored token events. Rules must be there before `rebuild`, so that a
 * token they entered before a crash counts as entered (I3).
 */
export function createTokenStage(deps: TokenStageDeps): TokenStage {
  const analysis = createTokenAnalysis({ predictor: createHandWeightedPredictor() });
  return {
    rules: analysis,
    async rebuild() {
      const mints = await deps.engineCursors.liveMints(deps.cursor, TOKEN_BOOK_LIMITS.deadAfterMs);
      let after = 0;
      for (;;) {
        const events = await deps.engineCursors.tokenHistory(mints, after, deps.cursor, PAGE);
        for (const event of events) analysis.onEvent(event, { emit: false });
        const last = events.at(-1);
        if (last === undefined || events.length < PAGE) return;
        after = last.seq;
      }
    },
    take(events) {
      const drafts: SignalDraft[] = [];
      for (const event of events) {
        const result = analysis.onEvent(event);
        drafts.push(...result.drafts);
        if (result.score !== null) deps.onScore(result.score);
      }
      return drafts;
    },
    stats: () => analysis.stats(),
  };
}
