import type { BotSettings } from '@onefeed/domain';
import { describe, expect, it } from 'vitest';
import { createRuleIndex } from './rule-index.ts';
import type { RunningBot } from './running-bot.ts';

const bot = (id: string, settings: Partial<BotSettings>) =>
  ({ id, settings: { venue: 'binance', ruleKey: 'r', instruments: ['BTCUSDT'], ...settings } }) as RunningBot;
const signal = { venue: 'binance' as const, ruleKey: 'r', instrument: 'BTCUSDT' };

describe('rule index', () => {
  it('finds the bots of a rule on an instrument, and those on every instrument', () => {
    const index = createRuleIndex();
    const bots = [
      bot('a', {}),
      bot('b', { instruments: ['ETHUSDT', 'BTCUSDT', 'BTCUSDT'] }),
      bot('c', { instruments: [] }),
    ];
    for (const one of [...bots, bot('d', { ruleKey: 'x' }), bot('e', { venue: 'pumpfun', instruments: [] })])
      index.add(one);
    expect([...index.find(signal)].map((one) => one.id)).toEqual(['a', 'b', 'c']);
    expect([...index.find({ ...signal, instrument: 'SOLUSDT' })].map((one) => one.id)).toEqual(['c']);
    expect([...index.find({ ...signal, venue: 'pumpfun' })].map((one) => one.id)).toEqual(['e']);
  });

  it('forgets a bot that is removed', () => {
    const index = createRuleIndex();
    const [one, other] = [bot('a', {}), bot('b', {})];
    index.add(one);
    index.add(other);
    index.remove(one);
    expect([...index.find(signal)]).toEqual([other]);
    index.remove(other);
    expect([...index.find(signal)]).toEqual([]);
  });
});
