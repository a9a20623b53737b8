import type { ActiveRule } from '@onefeed/db/market';
import { expect, test } from 'vitest';
import { createRuleSet } from './rule-set.ts';

const candleRule: ActiveRule = {
  ruleKey: 'a',
  source: 'timeframe 1m entry close > 1',
  venue: 'binance',
  instrument: 'BTCUSDT',
};
const tokenRule: ActiveRule = {
  ruleKey: 't',
  source: 'token entry age < 60',
  venue: 'pumpfun',
  instrument: null,
};

function createRules() {
  const refused: string[] = [];
  const rules = createRuleSet((rule) => void refused.push(rule.ruleKey));
  const update = (...active: ActiveRule[]) => {
    const { added, removed } = rules.update(active);
    const name = (rule: { ruleKey: string; instrument: string | null }) =>
      `${rule.ruleKey} ${rule.instrument}`;
    return { added: added.map(name), removed: removed.map(name) };
  };
  return { refused, update };
}

test('what comes is added once, what goes is removed once', () => {
  const { update } = createRules();
  const eth = { ...candleRule, instrument: 'ETHUSDT' };
  expect(update(candleRule, eth)).toEqual({ added: ['a BTCUSDT', 'a ETHUSDT'], removed: [] });
  expect(update(eth, candleRule)).toEqual({ added: [], removed: [] });
  expect(update(eth)).toEqual({ added: [], removed: ['a BTCUSDT'] });
  expect(update()).toEqual({ added: [], removed: ['a ETHUSDT'] });
  expect(update(candleRule)).toEqual({ added: ['a BTCUSDT'], removed: [] });
});

test('a token rule is one, whatever instruments its bots name', () => {
  const { update } = createRules();
  expect(update(tokenRule, { ...tokenRule, instrument: 'SomeMint' })).toEqual({
    added: ['t null'],
    removed: [],
  });
  expect(update({ ...tokenRule, instrument: 'SomeMint' })).toEqual({ added: [], removed: [] });
});

test.each([
  ['does not compile', { ...candleRule, source: 'entry nonsense' }],
  ['is of the other venue', { ...candleRule, source: tokenRule.source }],
  ['has no instrument', { ...candleRule, instrument: null }],
])('a rule that %s is refused once, and the others go on', (_why, broken) => {
  const { refused, update } = createRules();
  const bad = { ...broken, ruleKey: 'bad' };
  expect(update(bad, tokenRule).added).toEqual(['t null']);
  update(bad, tokenRule);
  expect(refused).toEqual(['bad']);
  // Its bots were stopped and started again.
  expect(update(tokenRule)).toEqual({ added: [], removed: [] });
  update(bad, tokenRule);
  expect(refused).toEqual(['bad', 'bad']);
});
