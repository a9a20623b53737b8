import type { ExitPlan } from '@onefeed/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyBuy, buyExactSolIn, newBondingCurve } from '../execution/bonding-curve.ts';
import type { Market } from '../execution/market.ts';
import { requestClose } from '../exits/exit-state.ts';
import type { Amount } from '../money/amount.ts';
import { KILL_SWITCH_OFF } from '../risk/kill-switch.ts';
import type { BotSettings } from './bot-state.ts';
import { leavePosition } from './leave.ts';
import type { OpenPosition } from './position.ts';
import { a, bot, btc, enter, execute, settings, signal } from './trading-samples.ts';

const plans: ExitPlan[] = [
  { stopLossPercent: 10, takeProfit: { type: 'FIXED', gainPercent: 20 } },
  {
    stopLossPercent: 20,
    takeProfit: {
      type: 'LADDER',
      legs: [10, 20, 30].map((gainPercent) => ({ gainPercent, sellPercent: 33 })),
    },
  },
  { trailing: { activatePercent: 5, distancePercent: 5 }, takeProfit: { type: 'TRAILING' } },
  {
    stopLossPercent: 30,
    timeLimitSeconds: 40,
    takeProfit: {
      type: 'PROGRESSIVE_AFTER_MIGRATION',
      initialPercent: 30,
      stepPercent: 30,
      stepInterval: 5,
      stepUnit: 'seconds',
    },
  },
];

/** A curve that starts anywhere and migrates after `migrateAt` ticks. */
const tokenAt = (lamports: number, migrated: boolean): Market => {
  const bought = buyExactSolIn(newBondingCurve(), BigInt(lamports));
  const curve = bought === null ? newBondingCurve() : applyBuy(newBondingCurve(), bought);
  if (!migrated) return { venue: 'pumpfun', place: 'curve', curve, untradeable: null, unconfirmed: null };
  const pool = { solLamports: curve.virtualSolLamports, tokenUnits: curve.virtualTokenUnits };
  return { venue: 'pumpfun', place: 'pool', pool, untradeable: null, unconfirmed: null };
};

describe('conservation (I7)', () => {
  const path = fc.array(
    fc.record({ move: fc.integer({ min: 1, max: 80_000 }), entry: fc.boolean(), close: fc.nat(20) }),
    { maxLength: 40 },
  );

  it.each(['binance', 'pumpfun'] as const)('holds to the last unit for any path on %s', (venue) => {
    fc.assert(
      fc.property(
        path,
        fc.constantFrom(...plans),
        fc.nat(40),
        fc.integer({ min: 1, max: 60 }),
        (ticks, exitPlan, migrateAt, percent) => {
          const initial = a('1000');
          const own: BotSettings = {
            ...settings,
            venue,
            instruments: [],
            exitPlan,
            stake: { type: 'percent', percent },
            risk: { maxOpenPositions: 3, cooldownSeconds: 0 },
          };
          let cash: Amount = initial;
          const positions = new Map<string, OpenPosition>();
          let settled: Amount = 0n;
          const orders = new Set<string>();
          for (const [index, tick] of ticks.entries()) {
            const market =
              venue === 'binance'
                ? btc(String(20_000 + tick.move))
                : tokenAt(tick.move * 1_000_000, index >= migrateAt);
            const at = 1_000_000 + index * 3_000;
            if (tick.entry) {
              const state = bot({ settings: own, cash, positions });
              const outcome = enter(
                state,
                signal({ id: String(index), venue, instrument: `T${index % 3}`, eventTime: at }),
                { market, marketTime: at },
              );
              if (outcome.entered) {
                expect(orders.has(outcome.order.clientId)).toBe(false);
                orders.add(outcome.order.clientId);
                cash = outcome.cash;
                positions.set(outcome.position.instrument, outcome.position);
              }
            }
            for (const held of [...positions.values()]) {
              const asked = tick.close === 0 ? { ...held, exits: requestClose(held.exits, 'user') } : held;
              const outcome = leavePosition(
                asked,
                { market, marketTime: at, killSwitch: KILL_SWITCH_OFF, mode: 'paper' },
                execute,
              );
              let sold = 0n;
              for (const step of outcome.steps) {
                cash += step.received;
                if (step.order === null) continue;
                expect(orders.has(step.order.clientId)).toBe(false);
                orders.add(step.order.clientId);
                sold += a(step.order.quantity);
                expect(a(step.order.quoteAmount) - a(step.order.fee)).toBe(step.received);
              }
              expect(outcome.position.quantity + sold).toBe(held.quantity);
              expect(outcome.position.quantity >= 0n).toBe(true);
              if (outcome.trade === null) positions.set(held.instrument, outcome.position);
              else {
                positions.delete(held.instrument);
                settled += a(outcome.trade.profit);
                expect(a(outcome.trade.proceeds) - a(outcome.trade.cost)).toBe(a(outcome.trade.profit));
                expect(a(outcome.trade.dust)).toBe(outcome.position.quantity);
              }
            }
            let bound: Amount = 0n;
            for (const held of positions.values()) bound += held.cost - held.proceeds;
            expect(cash + bound).toBe(initial + settled);
            expect(cash >= 0n).toBe(true);
          }
        },
      ),
      { numRuns: 1_500 },
    );
  });
});
