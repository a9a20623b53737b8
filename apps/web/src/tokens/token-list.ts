import type { Token, TokenEvent, TokensData, TokensSnapshot } from '@onefeed/contracts';

/** Most tokens kept; the ones longest without news go first. */
export const TOKEN_LIMIT = 60;

/** Newest first. */
export type TokenList = readonly Token[];

export type TokenChange =
  | { readonly kind: 'snapshot'; readonly data: TokensSnapshot }
  | { readonly kind: 'data'; readonly data: TokensData };

/** The list after a change. */
export function changeTokens(tokens: TokenList, change: TokenChange): TokenList {
  if (change.kind === 'snapshot') {
    return change.data.tokens.slice(0, TOKEN_LIMIT);
  }
  return change.data.events.reduce(applyEvent, tokens);
}

function applyEvent(tokens: TokenList, event: TokenEvent): TokenList {
  switch (event.kind) {
    case 'created':
      if (tokens.some((token) => token.mint === event.mint)) return tokens;
      return [tokenOf(event), ...tokens].slice(0, TOKEN_LIMIT);
    case 'migrated':
      return withToken(tokens, event.mint, (token) => ({ ...token, status: 'migrated' }));
    case 'traded': {
      const { reserves } = event;
      if (reserves === null) return tokens;
      return withToken(tokens, event.mint, (token) => ({ ...token, reserves, ...worthOf(reserves) }));
    }
    case 'checked':
      return withToken(tokens, event.mint, (token) => ({
        ...token,
        untradeableReason: event.untradeableReason ?? token.untradeableReason,
        ...(event.state === null ? {} : { ...event.state, ...worthOf(event.state.reserves) }),
      }));
  }
}

function withToken(tokens: TokenList, mint: string, change: (token: Token) => Token): TokenList {
  return tokens.map((token) => (token.mint === mint ? change(token) : token));
}

function tokenOf(event: Extract<TokenEvent, { kind: 'created' }>): Token {
  const { mint, name, symbol, uri, creator, reserves, untradeableReason } = event;
  return {
    mint,
    name,
    symbol,
    uri,
    creator,
    reserves,
    untradeableReason,
    createdAt: event.at,
    status: 'curve',
    aiScore: null,
    ...worthOf(reserves),
  };
}

/** Whole tokens of a pump.fun mint. */
const SUPPLY = 1_000_000_000;

/** Price in SOL per token and market value by the curve's reserves (1e9 lamports a SOL, 1e6 units a token). */
function worthOf(reserves: Token['reserves']): { price: string; marketCapSol: string } {
  const units = Number(reserves.virtualTokenUnits);
  const price = units === 0 ? 0 : Number(reserves.virtualSolLamports) / 1e3 / units;
  return { price: price.toFixed(15), marketCapSol: (price * SUPPLY).toFixed(4) };
}

const INITIAL_VIRTUAL_UNITS = 1_073_000_000_000_000;
const UNITS_ON_CURVE = 793_100_000_000_000;

/** How much of the bonding curve is sold, 0..1; 1 from completion on. */
export function curveProgress(token: Pick<Token, 'status' | 'reserves'>): number {
  if (token.status !== 'curve') return 1;
  const sold = INITIAL_VIRTUAL_UNITS - Number(token.reserves.virtualTokenUnits);
  return Math.min(1, Math.max(0, sold / UNITS_ON_CURVE));
}
