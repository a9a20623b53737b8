import type { ExitPlan } from '@onefeed/contracts';
import { createExitState, type ExitState, exitTriggers, ONE, type OpenPosition } from '@onefeed/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPositionIndex } from './position-index.ts';
import type { RunningBot } from './running-bot.ts';

const bot = { id: 'bot' } as RunningBot;
const position = (id: number, plan: ExitPlan, exits: Partial<ExitState> = {}): OpenPosition => ({
  id: String(id),
  botId: 'bot',
  venue: 'binance',
  instrument: 'BTCUSDT',
  quantity: ONE,
  originalQuantity: ONE,
  entryPrice: 100n * ONE,
  cost: 100n * ONE,
  proceeds: 0n,
  soldQuoteAmount: 0n,
  plan,
  exits: { ...createExitState(100n * ONE), ...exits },
  openedAt: 0,
});
const plan = (stop: number, gain: number, seconds: number): ExitPlan => ({
  stopLossPercent: stop,
  timeLimitSeconds: seconds,
  takeProfit: { type: 'FIXED', gainPercent: gain },
});

const anyStep = fc.oneof(
  fc.record({
    type: fc.constant('arm' as const),
    id: fc.nat(20),
    stop: fc.integer({ min: 1, max: 99 }),
    gain: fc.integer({ min: 1, max: 99 }),
    seconds: fc.integer({ min: 1, max: 100 }),
  }),
  fc.record({ type: fc.constant('disarm' as const), id: fc.nat(20) }),
  fc.record({
    type: fc.constant('price' as const),
    price: fc.integer({ min: 1, max: 220 }),
    at: fc.nat(120_000),
  }),
);

describe('position index', () => {
  it('finds exactly the positions that looking at each one finds', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 80 }), (steps) => {
        const index = createPositionIndex();
        const all = new Map<string, OpenPosition>();
        for (const step of steps) {
          if (step.type === 'arm') {
            const armed = position(step.id, plan(step.stop, step.gain, step.seconds));
            all.set(armed.id, armed);
            index.arm(bot, armed);
          } else if (step.type === 'disarm') {
            const gone = all.get(String(step.id));
            if (gone === undefined) continue;
            all.delete(gone.id);
            index.disarm(gone);
          } else {
            const price = BigInt(step.price) * ONE;
            const expected = [...all.values()].filter((one) => {
              const { below, above, dueAt } = exitTriggers(one.plan, one.exits, one);
              return (
                price <= below || (above !== null && price >= above) || (dueAt !== null && step.at >= dueAt)
              );
            });
            const met = index.met('binance', 'BTCUSDT', price, step.at).map((guarded) => guarded.position.id);
            expect(met.sort()).toEqual(expected.map((one) => one.id).sort());
          }
          expect(index.size()).toBe(all.size);
          expect(index.holds('binance', 'BTCUSDT')).toBe(all.size > 0);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives a position armed to be looked at now on any price, until it is armed again', () => {
    const index = createPositionIndex();
    const held = position(1, plan(10, 10, 1_000));
    index.arm(bot, held, true);
    expect(index.due('binance', 5)).toEqual(['BTCUSDT']);
    expect(index.met('binance', 'BTCUSDT', 100n * ONE, 5)).toHaveLength(1);
    index.arm(bot, held);
    expect(index.met('binance', 'BTCUSDT', 100n * ONE, 5)).toEqual([]);
    expect(index.due('binance', 5)).toEqual([]);
  });

  it('keeps venues and instruments apart', () => {
    const index = createPositionIndex();
    index.arm(bot, position(1, plan(10, 10, 1_000)));
    expect(index.met('pumpfun', 'BTCUSDT', 1n, 0)).toEqual([]);
    expect(index.met('binance', 'ETHUSDT', 1n, 0)).toEqual([]);
    expect(index.instruments('binance')).toEqual(['BTCUSDT']);
  });
});
