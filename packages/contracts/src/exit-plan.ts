import { type Static, Type } from 'typebox';

const Percent = (maximum: number) => Type.Number({ exclusiveMinimum: 0, maximum });
const closed = { additionalProperties: false };

/** Sell everything at a gain over the entry price. */
export const FixedTakeProfit = Type.Object(
  { type: Type.Literal('FIXED'), gainPercent: Percent(100_000) },
  closed,
);
/** Sell shares of the original size at rising gains; the last leg sells what is left. */
export const LadderTakeProfit = Type.Object(
  {
    type: Type.Literal('LADDER'),
    legs: Type.Array(Type.Object({ gainPercent: Percent(100_000), sellPercent: Percent(100) }, closed), {
      minItems: 1,
      maxItems: 20,
    }),
  },
  closed,
);
/** No target: the trailing stop takes the profit. Needs `trailing`. */
export const TrailingTakeProfit = Type.Object({ type: Type.Literal('TRAILING') }, closed);
/**
 * pump.fun: at migration sell `initialPercent` of the position, then `stepPercent` of the original size each
 * `stepInterval` (seconds, or percent of gain over the price at migration) until nothing is left.
 */
export const ProgressiveTakeProfit = Type.Object(
  {
    type: Type.Literal('PROGRESSIVE_AFTER_MIGRATION'),
    initialPercent: Percent(100),
    stepPercent: Percent(100),
    stepInterval: Percent(86_400),
    stepUnit: Type.Union([Type.Literal('seconds'), Type.Literal('gain_percent')], { default: 'seconds' }),
  },
  closed,
);

export const TakeProfit = Type.Union([
  FixedTakeProfit,
  LadderTakeProfit,
  TrailingTakeProfit,
  ProgressiveTakeProfit,
]);
export type TakeProfit = Static<typeof TakeProfit>;

/** How a position is left. Whatever is hit first wins. Percents are of the entry price. */
export const ExitPlan = Type.Object(
  {
    stopLossPercent: Type.Optional(Percent(100)),
    /** Arms at a gain of `activatePercent` (0 = at once), then follows the high at `distancePercent`. */
    trailing: Type.Optional(
      Type.Object(
        { activatePercent: Type.Number({ minimum: 0, maximum: 100_000 }), distancePercent: Percent(100) },
        closed,
      ),
    ),
    timeLimitSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 31_536_000 })),
    takeProfit: TakeProfit,
  },
  closed,
);
export type ExitPlan = Static<typeof ExitPlan>;
