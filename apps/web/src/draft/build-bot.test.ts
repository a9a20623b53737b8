import { CreateBot } from '@onefeed/contracts';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import type { BotDraft } from './bot-draft.ts';
import { buildBot } from './build-bot.ts';
import { initialDraft } from './initial-draft.ts';
import { RISK_LEVELS, riskPreset } from './risk-preset.ts';

const coins = initialDraft('EMA_CROSS', 'candle', ['BTCUSDT']);
const tokens = initialDraft('AI_PREDICTIONS', 'token', []);

test('the form can be sent as it opens, for coins and for tokens', () => {
  for (const [draft, kind] of [
    [coins, 'candle'],
    [tokens, 'token'],
  ] as const) {
    expect(Value.Errors(CreateBot, buildBot(draft, kind).bot)).toEqual([]);
  }
  expect(buildBot(coins, 'candle').bot).toMatchObject({
    name: 'EMA_CROSS BTCUSDT',
    venue: 'binance',
    instruments: ['BTCUSDT'],
    strategyId: 'EMA_CROSS',
  });
  expect(buildBot(tokens, 'token').bot).toMatchObject({ venue: 'pumpfun', instruments: [] });
});

test.each(RISK_LEVELS)('the preset %s fills in a bot that the api takes', (level) => {
  const draft = { ...tokens, ...riskPreset(level, 'token') };
  expect(Value.Errors(CreateBot, buildBot(draft, 'token').bot)).toEqual([]);
});

test.each<[Partial<BotDraft>, keyof BotDraft]>([
  [{ stakePercent: '-1' }, 'stakePercent'],
  [{ stakePercent: '0' }, 'stakePercent'],
  [{ stakePercent: '101' }, 'stakePercent'],
  [{ stakeType: 'fixed', stakeAmount: 'ten' }, 'stakeAmount'],
  [{ stakeType: 'fixed', stakeAmount: '' }, 'stakeAmount'],
  [{ gainPercent: '' }, 'gainPercent'],
  [{ stopLossPercent: '120' }, 'stopLossPercent'],
  [{ timeLimitSeconds: '1.5' }, 'timeLimitSeconds'],
  [{ maxOpenPositions: '0' }, 'maxOpenPositions'],
  [{ cooldownSeconds: '86401' }, 'cooldownSeconds'],
  [{ dailyLossLimit: '0' }, 'dailyLossLimit'],
  [{ instruments: [] }, 'instruments'],
  [{ strategyId: '', strategyText: ' ' }, 'strategyText'],
  [{ takeProfit: 'TRAILING', distancePercent: '' }, 'distancePercent'],
  [{ takeProfit: 'PROGRESSIVE_AFTER_MIGRATION' }, 'takeProfit'],
  [{ takeProfit: 'LADDER', legs: [] }, 'legs'],
  [{ takeProfit: 'LADDER', legs: [{ gainPercent: '5', sellPercent: '101' }] }, 'legs'],
  [
    {
      takeProfit: 'LADDER',
      legs: [
        { gainPercent: '5', sellPercent: '60' },
        { gainPercent: '9', sellPercent: '60' },
      ],
    },
    'legs',
  ],
  [
    {
      takeProfit: 'LADDER',
      legs: [
        { gainPercent: '9', sellPercent: '50' },
        { gainPercent: '5', sellPercent: '50' },
      ],
    },
    'legs',
  ],
])('%o is refused at %s', (change, field) => {
  const built = buildBot({ ...coins, ...change }, 'candle');
  expect(built.bot).toBeUndefined();
  expect(Object.keys(built.problems ?? {})).toContain(field);
});

test('whatever is typed into the number fields, what passes is what the api takes', () => {
  const typed = fc.oneof(
    fc.double({ noNaN: true }).map(String),
    fc.integer({ min: -5, max: 100_000 }).map(String),
    fc.constantFrom('', ' 5 ', '.5', '5.', '1e3', '0x10', '١', '--1', '0.0000000000000000001'),
  );
  const fields = fc.record({
    stakeType: fc.constantFrom<BotDraft['stakeType']>('fixed', 'percent'),
    stakeAmount: typed,
    stakePercent: typed,
    gainPercent: typed,
    stopLossPercent: typed,
    distancePercent: typed,
    activatePercent: typed,
    timeLimitSeconds: typed,
    maxOpenPositions: typed,
    cooldownSeconds: typed,
    dailyLossLimit: typed,
  });
  fc.assert(
    fc.property(fields, (change) => {
      const { bot } = buildBot({ ...coins, ...change }, 'candle');
      return bot === undefined || Value.Check(CreateBot, bot);
    }),
  );
});
