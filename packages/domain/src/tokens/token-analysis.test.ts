import type { TokenCreated, TokenEvent, TokenTraded } from '@onefeed/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyBuy, buyExactSolIn, CURVE_FEES, newBondingCurve } from '../execution/bonding-curve.ts';
import { parseStrategy } from '../strategy/parse-strategy.ts';
import type { Strategy } from '../strategy/strategy.ts';
import { createHandWeightedPredictor, type Predictor, scoreToken } from './predictor.ts';
import { createTokenAnalysis, type TokenAnalysis } from './token-analysis.ts';
import type { TokenFeatures } from './token-features.ts';

const START = 1_704_067_200_000;
const unscored: Predictor = { score: () => null };

function strategyOf(source: string): Strategy {
  const result = parseStrategy(`token\n${source}`);
  if (!result.ok) throw new Error(`${source}: ${JSON.stringify(result.errors)}`);
  return result.strategy;
}

const reservesOf = (sol: number) => ({
  virtualSolLamports: String(BigInt(Math.round(sol * 1e9))),
  virtualTokenUnits: String((30n * 1_073_000_000n * 10n ** 15n) / BigInt(Math.round(sol * 1e9))),
});

function created(seq: number, overrides: Partial<TokenCreated> = {}): TokenCreated {
  return {
    kind: 'created',
    seq,
    mint: 'MintA',
    at: START,
    signature: `s${seq}`,
    creator: 'Dev',
    name: 'A',
    symbol: 'A',
    uri: '',
    initialTokenUnits: '0',
    initialSolLamports: '0',
    reserves: reservesOf(30),
    untradeableReason: null,
    ...overrides,
  };
}

function traded(seq: number, overrides: Partial<TokenTraded> = {}): TokenTraded {
  return {
    kind: 'traded',
    seq,
    mint: 'MintA',
    at: START + seq * 1_000,
    signature: `s${seq}`,
    side: 'buy',
    trader: `W${seq}`,
    tokenUnits: '1000000',
    solLamports: '1000000000',
    reserves: reservesOf(30 + seq),
    pool: 'curve',
    ...overrides,
  };
}

function analysisOf(rules: Record<string, string>, predictor = unscored): TokenAnalysis {
  const analysis = createTokenAnalysis({ predictor });
  for (const [ruleKey, source] of Object.entries(rules)) {
    analysis.addRule({ ruleKey, strategy: strategyOf(source) });
  }
  return analysis;
}

const draftsOf = (analysis: TokenAnalysis, events: readonly TokenEvent[]) =>
  events.flatMap((event) => analysis.onEvent(event).drafts);

/** The features after the events, read by a predictor that keeps them. */
function featuresAfter(events: readonly TokenEvent[]): TokenFeatures {
  let seen: TokenFeatures | undefined;
  const analysis = createTokenAnalysis({
    predictor: {
      score(features) {
        seen = { ...features };
        return null;
      },
    },
  });
  for (const event of events) analysis.onEvent(event);
  if (seen === undefined) throw new Error('no event was taken');
  return seen;
}

describe('features', () => {
  it('follow what happened', () => {
    const features = featuresAfter([
      created(1, {
        initialTokenUnits: '100000000000000',
        initialSolLamports: '3000000000',
        reserves: reservesOf(33),
      }),
      traded(2, { trader: 'A', reserves: reservesOf(40) }),
      traded(3, { trader: 'A', reserves: reservesOf(50) }),
      traded(4, { trader: 'B', solLamports: '500000000', reserves: reservesOf(60) }),
      traded(5, { trader: 'A', side: 'sell', solLamports: '2000000000', reserves: reservesOf(48) }),
      traded(6, { trader: 'Dev', side: 'sell', tokenUnits: '60000000000000', reserves: reservesOf(45) }),
    ]);
    expect(features).toMatchObject({
      ageSeconds: 6,
      buys: 4,
      sells: 2,
      uniqueBuyers: 2,
      uniqueSellers: 1,
      buyVolumeSol: 5.5,
      sellVolumeSol: 3,
      devSells: 1,
      devShare: 0.04,
      migrated: false,
    });
    expect(features.marketCapSol).toBeCloseTo(45 ** 2 / 32.19, 4);
    expect(features.priceChange).toBeCloseTo((45 / 33) ** 2 - 1, 6);
    expect(features.drawdown).toBeCloseTo(1 - (45 / 60) ** 2, 6);
  });

  it('say that a curve is complete exactly when its tokens are sold', () => {
    const curve = newBondingCurve();
    const trade = buyExactSolIn(curve, 200_000_000_000n, CURVE_FEES);
    if (trade === null) throw new Error('The curve sells for any budget.');
    const after = applyBuy(curve, trade);
    const reserves = {
      virtualSolLamports: String(after.virtualSolLamports),
      virtualTokenUnits: String(after.virtualTokenUnits),
    };
    expect(featuresAfter([created(1), traded(2, { reserves })]).curveProgress).toBe(1);
    expect(featuresAfter([created(1)]).curveProgress).toBe(0);
  });

  it('survive the reduced trades after the migration', () => {
    const features = featuresAfter([
      created(1),
      traded(2),
      { kind: 'migrated', seq: 3, mint: 'MintA', at: START + 3_000, signature: 's3', pool: 'pump-amm' },
      traded(4, { reserves: null, pool: 'amm' }),
    ]);
    expect(features).toMatchObject({ migrated: true, curveProgress: 1, buys: 2 });
    expect(features.marketCapSol).toBeCloseTo(32 ** 2 / 32.19, 4);
  });
});

describe('signals', () => {
  it('enter a token at most once a rule, and leave on the rising edge after it', () => {
    const analysis = analysisOf({
      rule: 'entry trades >= 2 and trades != 4 exit trades == 4 or trades == 6',
    });
    const drafts = draftsOf(analysis, [created(1), ...[2, 3, 4, 5, 6, 7, 8].map((seq) => traded(seq))]);
    expect(drafts.map(({ kind, eventId }) => [kind, eventId])).toEqual([
      ['entry', '3'],
      ['exit', '5'],
      ['exit', '7'],
    ]);
  });

  it('carry the token, the price and what made them', () => {
    const analysis = analysisOf({ rule: 'entry unique_buyers >= 2 and not migrated' });
    const [draft] = draftsOf(analysis, [created(1), traded(2), traded(3, { reserves: reservesOf(32.19) })]);
    expect(draft).toEqual({
      venue: 'pumpfun',
      instrument: 'MintA',
      ruleKey: 'rule',
      kind: 'entry',
      eventTime: START + 3_000,
      eventId: '3',
      price: '0.00000003219',
      provenance: {
        rule: 'unique_buyers >= 2 and not migrated',
        values: [
          { node: 'unique_buyers >= 2 and not migrated', value: true },
          { node: 'unique_buyers >= 2', value: true },
          { node: 'not migrated', value: true },
          { node: 'unique_buyers', value: 2 },
          { node: 'migrated', value: false },
        ],
      },
    });
  });

  it('are never given for tokens that may not be bought, that were not seen from the start, or while unscored', () => {
    const analysis = analysisOf({ any: 'entry trades >= 0', scored: 'entry not (ai_score < 0)' });
    const events = [
      created(1, { untradeableReason: 'mayhem' }),
      traded(2),
      traded(3, { mint: 'Unknown' }),
      created(4, { mint: 'MintB' }),
    ];
    expect(draftsOf(analysis, events).map(({ ruleKey, instrument }) => [ruleKey, instrument])).toEqual([
      ['any', 'MintB'],
    ]);
  });

  it('are not given to a rule that comes after its entry turned true', () => {
    const analysis = analysisOf({});
    draftsOf(analysis, [created(1), traded(2)]);
    analysis.addRule({ ruleKey: 'late', strategy: strategyOf('entry trades >= 1') });
    expect(
      draftsOf(analysis, [traded(3), created(4, { mint: 'MintB' }), traded(5, { mint: 'MintB' })]),
    ).toMatchObject([{ instrument: 'MintB', eventId: '5' }]);
  });

  it('ignore an event that was taken already', () => {
    const analysis = analysisOf({ rule: 'entry trades >= 2' });
    expect(draftsOf(analysis, [created(1), traded(2), traded(2), traded(2)])).toEqual([]);
  });
});

describe('work and memory', () => {
  it('scores once an event and evaluates each distinct expression once, whatever the number of rules', () => {
    let scores = 0;
    const predictor: Predictor = { score: () => ++scores / 1_000 };
    const rules = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `rule${index}`,
        `entry ai_score > 0.9 and age < ${index % 4}`,
      ]),
    );
    const analysis = analysisOf(rules, predictor);
    draftsOf(analysis, [created(1), traded(2), traded(3)]);
    expect(scores).toBe(3);
    expect(analysis.stats()).toMatchObject({ rules: 40, tokensTracked: 1, tokensScored: 3 });
    // ai_score, 0.9 and their comparison decide: the conjunctions ask for at most four ages more.
    expect(analysis.stats().evaluations).toBeLessThanOrEqual(3 * (3 + 4 + 1 + 4 * 2));
  });

  it('forgets dead tokens, and the quietest past the limit, with all that is known of them', () => {
    const analysis = createTokenAnalysis({
      predictor: unscored,
      limits: { maxTokens: 3, deadAfterMs: 60_000 },
    });
    analysis.addRule({ ruleKey: 'rule', strategy: strategyOf('entry trades >= 0') });
    for (let seq = 1; seq <= 10; seq++) {
      expect(analysis.onEvent(created(seq, { mint: `M${seq}`, at: START + seq })).drafts).toHaveLength(1);
    }
    expect(analysis.stats().tokensTracked).toBe(3);
    analysis.onEvent(created(11, { mint: 'Late', at: START + 120_000 }));
    expect(analysis.stats().tokensTracked).toBe(1);
    expect(analysis.onEvent(traded(12, { mint: 'M10' })).score).toBeNull();
  });

  it('lets go of expressions with their last rule', () => {
    const analysis = analysisOf({
      one: 'entry age > 1 and trades > 2',
      two: 'entry age > 1 exit drawdown > 0.5',
    });
    draftsOf(analysis, [created(1), ...[2, 3, 4].map((seq) => traded(seq))]);
    analysis.removeRule('one');
    analysis.removeRule('two');
    expect(analysis.stats()).toMatchObject({ rules: 0, nodes: 0 });
  });

  it('rebuilding without signals gives the same state as having lived through it', () => {
    const step = fc.record({
      mint: fc.constantFrom('MintA', 'MintB'),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      trader: fc.constantFrom('A', 'B', 'C', 'Dev'),
      sol: fc.integer({ min: 30, max: 60 }),
    });
    const rules = {
      one: 'entry unique_buyers >= 2 and drawdown < 0.3 exit drawdown > 0.5',
      two: 'entry ai_score > 0.4 and dev_share < 0.1 exit unique_sellers > unique_buyers',
    };
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 40 }), fc.nat(30), (steps, cut) => {
        const events = [
          created(1),
          created(2, { mint: 'MintB' }),
          ...steps.map(({ sol, ...trade }, index) =>
            traded(index + 3, { ...trade, reserves: reservesOf(sol) }),
          ),
        ];
        const lived = analysisOf(rules, createHandWeightedPredictor());
        const expected = events.map((event) => lived.onEvent(event)).slice(cut);
        const rebuilt = analysisOf(rules, createHandWeightedPredictor());
        for (const event of events.slice(0, cut)) {
          expect(rebuilt.onEvent(event, { emit: false }).drafts).toEqual([]);
        }
        expect(events.slice(cut).map((event) => rebuilt.onEvent(event))).toEqual(expected);
      }),
    );
  });
});

describe('the hand-weighted score', () => {
  const base = featuresAfter([created(1), traded(2)]);

  it('is between 0 and 1 and orders as common sense has it', () => {
    const promising = { ...base, uniqueBuyers: 40, buyVolumeSol: 30, sellVolumeSol: 5, curveProgress: 0.5 };
    const dumped = { ...promising, devSells: 3, drawdown: 0.8, sellVolumeSol: 28 };
    const hoarded = { ...promising, devShare: 0.4 };
    for (const features of [base, promising, dumped, hoarded]) {
      expect(scoreToken(features)).toBeGreaterThan(0);
      expect(scoreToken(features)).toBeLessThan(1);
    }
    expect(scoreToken(promising)).toBeGreaterThan(0.7);
    expect(scoreToken(dumped)).toBeLessThan(0.3);
    expect(scoreToken(hoarded)).toBeLessThan(scoreToken(promising));
  });

  it('is withheld from tokens with few trades and from those that may not be bought', () => {
    const predictor = createHandWeightedPredictor();
    expect(predictor.score({ ...base, buys: 4, sells: 0 })).toBeNull();
    expect(predictor.score({ ...base, buys: 5, untradeableReason: 'mayhem' })).toBeNull();
    expect(predictor.score({ ...base, buys: 5 })).not.toBeNull();
  });
});
