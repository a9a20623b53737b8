import type { TokenFeatures } from './token-features.ts';

interface TokenField {
  type: 'number' | 'boolean';
  unit: string;
  description: string;
  /** NaN: unknown. */
  read(features: TokenFeatures): number | boolean;
}

/** What a token strategy may ask of a token: one row a field. Shares and changes are fractions: 0.1 is 10 %. */
export const TOKEN_FIELDS = {
  ai_score: {
    type: 'number',
    unit: '0..1',
    description: 'Score of the predictor; unknown until the token has some trades.',
    read: (token) => token.aiScore ?? Number.NaN,
  },
  age: {
    type: 'number',
    unit: 'seconds',
    description: 'Time from the creation to the event.',
    read: (token) => token.ageSeconds,
  },
  trades: {
    type: 'number',
    unit: 'count',
    description: 'Buys and sells.',
    read: (token) => token.buys + token.sells,
  },
  buys: { type: 'number', unit: 'count', description: 'Buys.', read: (token) => token.buys },
  sells: { type: 'number', unit: 'count', description: 'Sells.', read: (token) => token.sells },
  unique_buyers: {
    type: 'number',
    unit: 'wallets',
    description: 'Wallets that bought, the creator not counted.',
    read: (token) => token.uniqueBuyers,
  },
  unique_sellers: {
    type: 'number',
    unit: 'wallets',
    description: 'Wallets that sold, the creator not counted.',
    read: (token) => token.uniqueSellers,
  },
  buy_volume: {
    type: 'number',
    unit: 'SOL',
    description: 'Bought, fees excluded.',
    read: (token) => token.buyVolumeSol,
  },
  sell_volume: {
    type: 'number',
    unit: 'SOL',
    description: 'Sold, fees excluded.',
    read: (token) => token.sellVolumeSol,
  },
  dev_share: {
    type: 'number',
    unit: 'fraction of the supply',
    description: "The creator's holding, as far as seen in trades.",
    read: (token) => token.devShare,
  },
  dev_sells: {
    type: 'number',
    unit: 'count',
    description: 'Sells of the creator.',
    read: (token) => token.devSells,
  },
  curve_progress: {
    type: 'number',
    unit: 'fraction',
    description: 'Sold share of the tokens on the curve; 1 when it is complete.',
    read: (token) => token.curveProgress,
  },
  market_cap: {
    type: 'number',
    unit: 'SOL',
    description: 'Price times supply.',
    read: (token) => token.marketCapSol,
  },
  price_change: {
    type: 'number',
    unit: 'fraction',
    description: 'Change of the price since the creation.',
    read: (token) => token.priceChange,
  },
  drawdown: {
    type: 'number',
    unit: 'fraction',
    description: 'How far the price is under its highest, 0..1.',
    read: (token) => token.drawdown,
  },
  migrated: {
    type: 'boolean',
    unit: '',
    description: 'It left the curve for the pool.',
    read: (token) => token.migrated,
  },
} as const satisfies Record<string, TokenField>;

export type TokenFieldName = keyof typeof TOKEN_FIELDS;

export const TOKEN_FIELD_NAMES = Object.keys(TOKEN_FIELDS) as TokenFieldName[];

export function isTokenFieldName(name: string): name is TokenFieldName {
  return Object.hasOwn(TOKEN_FIELDS, name);
}

export function tokenField(name: TokenFieldName): TokenField {
  return TOKEN_FIELDS[name];
}
