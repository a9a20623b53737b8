import type { Token } from '@onefeed/contracts';

export type TokenOrder = 'newest' | 'score';

/** The tokens as the reader wants them; unscored ones come after the scored. The given list is newest first. */
export function orderTokens(tokens: readonly Token[], order: TokenOrder): readonly Token[] {
  if (order === 'newest') return tokens;
  return tokens.toSorted((a, b) => (b.aiScore ?? -1) - (a.aiScore ?? -1));
}
