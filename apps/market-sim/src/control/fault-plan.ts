import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

const Rate = Type.Number({ minimum: 0, maximum: 600 });
const OneIn = Type.Integer({ minimum: 0 });
const Seconds = Type.Number({ exclusiveMinimum: 0, maximum: 3_600 });
const closed = { additionalProperties: false } as const;

const connectionRates = {
  drop: Type.Optional(Rate),
  vanish: Type.Optional(Rate),
  close: Type.Optional(Rate),
  gap: Type.Optional(Rate),
  silence: Type.Optional(Rate),
  hostile: Type.Optional(Rate),
};

/**
 * Faults that come by themselves. The same seed and rates give the same faults at the same moments after the
 * plan's start and hit the same bars, trades and answers. Rates are means per wall minute: a client's timers
 * run in wall time, whatever the speed of the market.
 */
export const FaultPlan = Type.Object(
  {
    seed: Type.Integer({ minimum: 0 }),
    /** `all` turns everything on at moderate rates; what the plan says itself counts more. */
    preset: Type.Optional(Type.Literal('all')),
    perMinute: Type.Optional(
      Type.Object(
        {
          binance: Type.Optional(
            Type.Object(
              {
                ...connectionRates,
                silentStream: Type.Optional(Rate),
                shutdown: Type.Optional(Rate),
                limited: Type.Optional(Rate),
                banned: Type.Optional(Rate),
              },
              closed,
            ),
          ),
          pumpfun: Type.Optional(
            Type.Object(
              {
                ...connectionRates,
                refusedTrades: Type.Optional(Rate),
                stoppedTrades: Type.Optional(Rate),
              },
              closed,
            ),
          ),
          solana: Type.Optional(Type.Object({ ...connectionRates, limited: Type.Optional(Rate) }, closed)),
        },
        closed,
      ),
    ),
    oneIn: Type.Optional(
      Type.Object(
        {
          dropFinal: Type.Optional(OneIn),
          duplicateFinal: Type.Optional(OneIn),
          lateFinal: Type.Optional(OneIn),
          failAnswer: Type.Optional(OneIn),
          truncateAnswer: Type.Optional(OneIn),
          delayAnswer: Type.Optional(OneIn),
          loseTrade: Type.Optional(OneIn),
          delayTrade: Type.Optional(OneIn),
          truncateLogs: Type.Optional(OneIn),
        },
        closed,
      ),
    ),
    /** Mean lengths in wall seconds; each happening takes half to one and a half of it. */
    seconds: Type.Optional(
      Type.Object(
        {
          gap: Type.Optional(Seconds),
          silence: Type.Optional(Seconds),
          silentStream: Type.Optional(Seconds),
          /** From the announcement of a shutdown to the close. */
          shutdown: Type.Optional(Seconds),
          limited: Type.Optional(Seconds),
          banned: Type.Optional(Seconds),
          refusedTrades: Type.Optional(Seconds),
          stoppedTrades: Type.Optional(Seconds),
        },
        closed,
      ),
    ),
    lateFinalMs: Type.Optional(Type.Integer({ minimum: 1 })),
    delayMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 60_000 })),
    lifetimeHours: Type.Optional(Type.Number({ minimum: 0 })),
  },
  closed,
);
export type FaultPlan = Static<typeof FaultPlan>;

/** A fault plan that makes no sense; the message tells where. */
export class FaultPlanError extends Error {
  override name = 'FaultPlanError';
}

/** Reads a plan from what was sent or set. Throws FaultPlanError. */
export function readFaultPlan(value: unknown): FaultPlan {
  if (Value.Check(FaultPlan, value)) return value;
  const [error] = Value.Errors(FaultPlan, value);
  throw new FaultPlanError(`no fault plan: ${error?.instancePath ?? ''} ${error?.message ?? ''}`);
}

/** The same from the text of a variable. */
export function parseFaultPlan(text: string): FaultPlan {
  try {
    return readFaultPlan(JSON.parse(text));
  } catch (error) {
    throw new FaultPlanError(`SIM_FAULTS: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Everything at once, at rates that leave a sound client time to be whole again in between. */
const ALL: Required<Omit<FaultPlan, 'seed' | 'preset'>> = {
  perMinute: {
    binance: {
      drop: 2,
      vanish: 0.3,
      close: 1,
      gap: 1,
      silence: 0.5,
      hostile: 40,
      silentStream: 1,
      shutdown: 1,
      limited: 1,
      banned: 0.5,
    },
    pumpfun: {
      drop: 2,
      vanish: 0.3,
      close: 1,
      gap: 1,
      silence: 0.5,
      hostile: 40,
      refusedTrades: 0.3,
      stoppedTrades: 0.3,
    },
    solana: { drop: 2, vanish: 0.3, close: 1, gap: 1, silence: 0.5, hostile: 40, limited: 1 },
  },
  oneIn: {
    dropFinal: 60,
    duplicateFinal: 47,
    lateFinal: 53,
    failAnswer: 25,
    truncateAnswer: 90,
    delayAnswer: 40,
    loseTrade: 150,
    delayTrade: 60,
    truncateLogs: 80,
  },
  seconds: {
    gap: 2,
    silence: 3,
    silentStream: 3,
    shutdown: 2,
    limited: 1,
    banned: 2,
    refusedTrades: 5,
    stoppedTrades: 5,
  },
  lateFinalMs: 8_000,
  delayMs: 1_500,
  lifetimeHours: 24,
};

export type CompletePlan = Required<Omit<FaultPlan, 'preset'>>;

/** The plan with the preset's values, or none, where it says nothing. Lengths always have a value. */
export function completePlan(plan: FaultPlan): CompletePlan {
  const preset = plan.preset === 'all' ? ALL : undefined;
  const rates = plan.perMinute;
  return {
    seed: plan.seed,
    perMinute: {
      binance: { ...preset?.perMinute.binance, ...rates?.binance },
      pumpfun: { ...preset?.perMinute.pumpfun, ...rates?.pumpfun },
      solana: { ...preset?.perMinute.solana, ...rates?.solana },
    },
    oneIn: { ...preset?.oneIn, ...plan.oneIn },
    seconds: { ...ALL.seconds, ...plan.seconds },
    lateFinalMs: plan.lateFinalMs ?? ALL.lateFinalMs,
    delayMs: plan.delayMs ?? ALL.delayMs,
    lifetimeHours: plan.lifetimeHours ?? preset?.lifetimeHours ?? 0,
  };
}
