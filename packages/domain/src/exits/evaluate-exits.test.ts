import type { ExitPlan } from '@onefeed/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAmount, priceAtGain, priceAtLoss } from '../money/amount.ts';
import { type DueExit, type ExitInput, evaluateExits } from './evaluate-exits.ts';
import {
  createExitState,
  type ExitState,
  readExitState,
  requestClose,
  storeExitState,
} from './exit-state.ts';
import { exitTriggers } from './exit-triggers.ts';

const a = parseAmount;
const FINE = { stepSize: 1n, minQuantity: 1n, minNotional: 0n };
const POSITION = { quantity: a('10'), originalQuantity: a('10'), entryPrice: a('100'), openedAt: 1_000_000 };

interface Tick {
  price: string;
  at?: number;
  migrated?: boolean;
  trading?: boolean;
}

/** Plays ticks through a plan; a closed position sees no more of them. */
function play(plan: ExitPlan, ticks: Tick[], change: Partial<ExitInput> = {}) {
  let state: ExitState = change.state ?? createExitState(POSITION.entryPrice);
  let quantity = POSITION.quantity;
  const exits: (DueExit & { tick: number })[] = [];
  for (const [tick, { price, at = 1_000_000, migrated = false, trading = true }] of ticks.entries()) {
    const position = { ...POSITION, quantity };
    const input = { plan, position, price: a(price), at, migrated, trading, minimum: FINE, ...change, state };
    const evaluation = evaluateExits(input);
    // Stored and read back between all prices, as over a restart.
    state = readExitState(JSON.parse(JSON.stringify(storeExitState(evaluation.state))));
    for (const exit of evaluation.exits) {
      exits.push({ ...exit, tick });
      quantity -= exit.quantity === 'all' ? quantity : exit.quantity;
    }
    if (quantity === 0n) break;
  }
  return { exits, quantity, state };
}

const legs = (result: ReturnType<typeof play>) => result.exits.map((exit) => `${exit.tick}:${exit.leg}`);

describe('exits', () => {
  const fixed: ExitPlan = { stopLossPercent: 5, takeProfit: { type: 'FIXED', gainPercent: 10 } };

  it('takes a fixed profit at its price and not a hair before', () => {
    expect(legs(play(fixed, [{ price: '109.999999999999999999' }, { price: '110' }]))).toEqual(['1:tp']);
  });

  it('stops at the stop and not a hair before', () => {
    expect(legs(play(fixed, [{ price: '95.000000000000000001' }, { price: '95' }]))).toEqual(['1:sl']);
  });

  it('arms the trailing stop at its gain and follows the high', () => {
    const plan: ExitPlan = {
      trailing: { activatePercent: 10, distancePercent: 2 },
      takeProfit: { type: 'TRAILING' },
    };
    const path = ['109', '106', '110', '120', '117.61', '117.6'].map((price) => ({ price }));
    expect(legs(play(plan, path))).toEqual(['5:trail']);
  });

  it('trails from the entry at once with activation 0', () => {
    const plan: ExitPlan = {
      trailing: { activatePercent: 0, distancePercent: 3 },
      takeProfit: { type: 'TRAILING' },
    };
    expect(legs(play(plan, [{ price: '97.01' }, { price: '97' }]))).toEqual(['1:trail']);
  });

  it('leaves at the time limit by the market clock', () => {
    const plan: ExitPlan = { ...fixed, timeLimitSeconds: 60 };
    expect(
      legs(
        play(plan, [
          { price: '100', at: 1_059_999 },
          { price: '100', at: 1_060_000 },
        ]),
      ),
    ).toEqual(['1:time']);
  });

  it('puts the stop before the target when both would hold', () => {
    const plan: ExitPlan = {
      stopLossPercent: 5,
      timeLimitSeconds: 1,
      takeProfit: { type: 'FIXED', gainPercent: 1 },
    };
    expect(legs(play(plan, [{ price: '90', at: 9_000_000 }]))).toEqual(['0:sl']);
    expect(legs(play(plan, [{ price: '110', at: 9_000_000 }]))).toEqual(['0:time']);
  });

  it('sells a ladder in order, several legs at a jump, the rest with the last', () => {
    const plan: ExitPlan = {
      takeProfit: {
        type: 'LADDER',
        legs: [
          { gainPercent: 30, sellPercent: 20 },
          { gainPercent: 10, sellPercent: 25 },
          { gainPercent: 20, sellPercent: 25 },
        ],
      },
    };
    const result = play(plan, [{ price: '121' }, { price: '121' }, { price: '130' }]);
    expect(legs(result)).toEqual(['0:ladder-1', '0:ladder-2', '2:ladder-0']);
    expect(result.exits.map((exit) => exit.quantity)).toEqual([a('2.5'), a('2.5'), 'all']);
  });

  const progressive: ExitPlan = {
    takeProfit: {
      type: 'PROGRESSIVE_AFTER_MIGRATION',
      initialPercent: 50,
      stepPercent: 20,
      stepInterval: 5,
      stepUnit: 'seconds',
    },
  };

  it('sells progressively by seconds after the migration, late steps all at once after a pause', () => {
    const result = play(progressive, [
      { price: '100', at: 2_000_000 },
      { price: '100', at: 3_000_000, migrated: true },
      { price: '100', at: 3_004_999, migrated: true },
      { price: '100', at: 3_005_000, migrated: true },
      { price: '100', at: 9_000_000, migrated: true },
    ]);
    expect(legs(result)).toEqual(['1:prog-0', '3:prog-1', '4:prog-2', '4:prog-3']);
    expect(result.exits.map((exit) => exit.quantity)).toEqual([a('5'), a('2'), a('2'), 'all']);
  });

  it('sells progressively by gain over the price at migration', () => {
    const plan: ExitPlan = {
      takeProfit: {
        ...progressive.takeProfit,
        stepUnit: 'gain_percent',
        stepPercent: 50,
      } as ExitPlan['takeProfit'],
    };
    const at = (price: string) => ({ price, migrated: true });
    expect(legs(play(plan, [at('200'), at('209.9'), at('210')]))).toEqual(['0:prog-0', '2:prog-1']);
  });

  it('keeps exits due while nobody can trade, and carries them out when somebody can', () => {
    const ticks = [{ price: '94', trading: false }, { price: '94' }];
    expect(legs(play(fixed, ticks))).toEqual(['1:sl']);
  });

  it('closes for the strategy and, before everything, for the owner', () => {
    const asked = requestClose(createExitState(POSITION.entryPrice), 'signal');
    expect(legs(play(fixed, [{ price: '100' }], { state: asked }))).toEqual(['0:signal']);
    expect(legs(play(fixed, [{ price: '90' }], { state: requestClose(asked, 'user') }))).toEqual(['0:user']);
    expect(requestClose(requestClose(asked, 'user'), 'signal').closeRequested).toBe('user');
  });

  it('plans no leg below the venue minimum: it goes with the last one', () => {
    const minimum = { stepSize: a('0.1'), minQuantity: a('0.1'), minNotional: a('300') };
    const ladder = (percents: number[]): ExitPlan => ({
      takeProfit: {
        type: 'LADDER',
        legs: percents.map((sellPercent, index) => ({ gainPercent: index + 1, sellPercent })),
      },
    });
    const rising = [{ price: '101' }, { price: '102' }, { price: '103' }];
    expect(play(ladder([10, 40, 50]), rising, { minimum }).exits).toEqual([
      { leg: 'ladder-1', reason: 'take_profit', quantity: a('4'), tick: 1 },
      { leg: 'ladder-2', reason: 'take_profit', quantity: 'all', tick: 2 },
    ]);
    // After 80 % the remaining 20 % could never be sold: they go along.
    expect(play(ladder([80, 10, 10]), rising, { minimum }).exits).toEqual([
      { leg: 'ladder-0', reason: 'take_profit', quantity: 'all', tick: 0 },
    ]);
  });
});

const anyPlan: fc.Arbitrary<ExitPlan> = fc
  .record({
    stop: fc.option(fc.integer({ min: 1, max: 60 })),
    trailing: fc.option(
      fc.record({
        activatePercent: fc.integer({ min: 0, max: 30 }),
        distancePercent: fc.integer({ min: 1, max: 30 }),
      }),
    ),
    limit: fc.option(fc.integer({ min: 1, max: 100 })),
    takeProfit: fc.oneof(
      fc.record({ type: fc.constant('FIXED' as const), gainPercent: fc.integer({ min: 1, max: 80 }) }),
      fc.constant({ type: 'TRAILING' as const }),
      fc.record({
        type: fc.constant('LADDER' as const),
        legs: fc.array(
          fc.record({
            gainPercent: fc.integer({ min: 1, max: 80 }),
            sellPercent: fc.integer({ min: 1, max: 100 }),
          }),
          { minLength: 1, maxLength: 6 },
        ),
      }),
      fc.record({
        type: fc.constant('PROGRESSIVE_AFTER_MIGRATION' as const),
        initialPercent: fc.integer({ min: 1, max: 100 }),
        stepPercent: fc.integer({ min: 1, max: 100 }),
        stepInterval: fc.integer({ min: 1, max: 20 }),
        stepUnit: fc.constantFrom('seconds' as const, 'gain_percent' as const),
      }),
    ),
  })
  .map(({ stop, trailing, limit, takeProfit }) => ({
    ...(stop === null ? {} : { stopLossPercent: stop }),
    ...(trailing === null ? {} : { trailing }),
    ...(limit === null ? {} : { timeLimitSeconds: limit }),
    takeProfit,
  }));
const anyTicks = fc.array(
  fc.record({
    price: fc.integer({ min: 1, max: 250 }),
    wait: fc.integer({ min: 0, max: 20_000 }),
    migrate: fc.nat(9),
  }),
  { minLength: 1, maxLength: 60 },
);

/** Ticks with a rising clock; the token stays migrated once it is. */
function pathOf(ticks: { price: number; wait: number; migrate: number }[]) {
  let at = POSITION.openedAt;
  let migrated = false;
  return ticks.map(({ price, wait, migrate }) => {
    at += wait;
    migrated ||= migrate === 0;
    return { price: String(price), at, migrated };
  });
}

describe('exits on any path', () => {
  it('sells each leg once, never more than is held, and all of it when it closes', () => {
    fc.assert(
      fc.property(anyPlan, anyTicks, (plan, ticks) => {
        const result = play(plan, pathOf(ticks));
        const names = result.exits.map((exit) => exit.leg);
        expect(new Set(names).size).toBe(names.length);
        let held = POSITION.quantity;
        for (const exit of result.exits) {
          const sold = exit.quantity === 'all' ? held : exit.quantity;
          expect(sold > 0n && sold <= held).toBe(true);
          held -= sold;
        }
        expect(held).toBe(result.quantity);
        const closing = result.exits.filter((exit) => exit.quantity === 'all');
        expect(closing.length).toBe(held === 0n ? 1 : 0);
      }),
      { numRuns: 3_000 },
    );
  });

  it('stops exactly at the first price at or under the stop', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), anyTicks, (percent, ticks) => {
        const plan: ExitPlan = { stopLossPercent: percent, takeProfit: { type: 'TRAILING' } };
        const first = ticks.findIndex(
          ({ price }) => a(String(price)) <= priceAtLoss(POSITION.entryPrice, percent),
        );
        expect(legs(play(plan, pathOf(ticks)))).toEqual(first === -1 ? [] : [`${first}:sl`]);
      }),
    );
  });

  it('takes a fixed profit exactly at the first price at or above it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80 }), anyTicks, (percent, ticks) => {
        const plan: ExitPlan = { takeProfit: { type: 'FIXED', gainPercent: percent } };
        const first = ticks.findIndex(
          ({ price }) => a(String(price)) >= priceAtGain(POSITION.entryPrice, percent),
        );
        expect(legs(play(plan, pathOf(ticks)))).toEqual(first === -1 ? [] : [`${first}:tp`]);
      }),
    );
  });

  it('changes nothing at prices and times that the triggers let pass', () => {
    fc.assert(
      fc.property(anyPlan, anyTicks, (plan, ticks) => {
        let state = createExitState(POSITION.entryPrice);
        let quantity = POSITION.quantity;
        for (const tick of pathOf(ticks)) {
          const position = { ...POSITION, quantity };
          const price = a(tick.price);
          const triggers = exitTriggers(plan, state, position);
          const asleep =
            price > triggers.below &&
            (triggers.above === null || price < triggers.above) &&
            (triggers.dueAt === null || tick.at < triggers.dueAt) &&
            tick.migrated === (state.migratedAt !== null);
          const input = {
            plan,
            state,
            position,
            price,
            at: tick.at,
            migrated: tick.migrated,
            trading: true,
            minimum: FINE,
          };
          const evaluation = evaluateExits(input);
          if (asleep) {
            expect(evaluation.exits).toEqual([]);
            expect({ ...evaluation.state, high: 0n }).toEqual({ ...state, high: 0n });
          }
          state = evaluation.state;
          for (const exit of evaluation.exits) quantity -= exit.quantity === 'all' ? quantity : exit.quantity;
          if (quantity <= 0n) break;
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('is the same for the same path', () => {
    fc.assert(
      fc.property(anyPlan, anyTicks, (plan, ticks) => {
        expect(play(plan, pathOf(ticks))).toEqual(play(plan, pathOf(ticks)));
      }),
    );
  });
});
