import { REFUSAL_CODES } from '@onefeed/contracts';
import { expect, test } from 'vitest';
import { formatDuration } from './clock.ts';
import { describeExitPlan } from './exit-plan.ts';
import { shortInstrument } from './instrument.ts';
import { formatPercent } from './percent.ts';
import { describeRefusal } from './refusal.ts';

test('lengths of time show their two largest units', () => {
  expect([5, 249, 7_500, 273_600].map(formatDuration)).toEqual(['5s', '4m 09s', '2h 05m', '3d 4h']);
});

test('percents that round to nothing have no sign', () => {
  expect([3.214, -1, 0.001, -0.001].map((percent) => formatPercent(percent))).toEqual([
    '+3.21%',
    '-1.00%',
    '0.00%',
    '0.00%',
  ]);
});

test.each(REFUSAL_CODES)('the refusal %s is put in words', (code) => {
  const words = describeRefusal(code, null, null);
  expect(words).not.toMatch(/[A-Z_]{3}/);
  expect(words.length).toBeGreaterThan(10);
});

test('a refusal names the limit and the value that met it', () => {
  expect(describeRefusal('MAX_OPEN_POSITIONS', '5', '5')).toMatch(/\(limit 5, now 5\)$/);
  expect(describeRefusal('SOMETHING_NEW', null, null)).toBe('something new');
});

test('exit plans read as they act', () => {
  expect(
    describeExitPlan({
      stopLossPercent: 8,
      trailing: { activatePercent: 10, distancePercent: 3 },
      timeLimitSeconds: 600,
      takeProfit: { type: 'FIXED', gainPercent: 20 },
    }),
  ).toBe('+20% · stop -8% · trail 3% from +10% · 600 s limit');
  expect(
    describeExitPlan({
      takeProfit: {
        type: 'PROGRESSIVE_AFTER_MIGRATION',
        initialPercent: 50,
        stepPercent: 10,
        stepInterval: 5,
        stepUnit: 'gain_percent',
      },
    }),
  ).toBe('50% at migration, then 10% each +5%');
});

test('symbols stay, mints are cut to their ends', () => {
  expect(shortInstrument('BTCUSDT')).toBe('BTCUSDT');
  expect(shortInstrument('8Jx8AAHj86wbQgUTjGuj6GTTL5Ps3cqxKRTvpaJApump')).toBe('8Jx8…pump');
});
