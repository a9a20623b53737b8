import type { BotMode, KillSwitch, Order, Trade } from '@onefeed/contracts';
import { hasMigrated, isTrading, type Market, priceOf, saleMinimumOf } from '../execution/market.ts';
import type { Execute } from '../execution/paper-execution.ts';
import { type DueExit, evaluateExits } from '../exits/evaluate-exits.ts';
import type { Amount } from '../money/amount.ts';
import { judgeExit } from '../risk/exit-risk.ts';
import { filledOrder } from './order.ts';
import { completeTrade, type OpenPosition, reducePosition } from './position.ts';

/** What exits are carried out against. `mode` is the bot's. */
export interface ExitConditions {
  readonly market: Market;
  readonly marketTime: number;
  readonly killSwitch: KillSwitch;
  readonly mode: BotMode;
}

/** One carried out exit: its order (null when what was left could not be sold), and the position after it. */
export interface ExitStep {
  readonly order: Order | null;
  readonly position: OpenPosition;
  /** Quote asset received. */
  readonly received: Amount;
}

export interface ExitOutcome {
  /** The position after everything: with a new exit state, less quantity, or, when `trade` is set, closed. */
  readonly position: OpenPosition;
  readonly steps: readonly ExitStep[];
  readonly trade: Trade | null;
}

/**
 * Looks at a position's exits at the market as it is and carries out what is due. Pure. An exit that cannot be carried
 * out now stays due (I5). A close whose remainder is below the venue's minimum writes the remainder off.
 */
export function leavePosition(
  position: OpenPosition,
  conditions: ExitConditions,
  execute: Execute,
): ExitOutcome {
  const { market, marketTime, killSwitch } = conditions;
  const evaluation = evaluateExits({
    plan: position.plan,
    state: position.exits,
    position,
    price: priceOf(market),
    at: marketTime,
    migrated: hasMigrated(market),
    trading: isTrading(market) && !killSwitch.everything,
    minimum: saleMinimumOf(market),
  });
  let current: OpenPosition =
    evaluation.state === position.exits ? position : { ...position, exits: evaluation.state };
  const steps: ExitStep[] = [];
  for (const exit of evaluation.exits) {
    const step = carryOut(current, exit, conditions, execute);
    if (step === 'too small') continue;
    if (step === null) {
      // Not now: the leg and those after it stay due.
      const undone = new Set(
        evaluation.exits.slice(evaluation.exits.indexOf(exit)).map((later) => later.leg),
      );
      current = {
        ...current,
        exits: { ...current.exits, done: current.exits.done.filter((leg) => !undone.has(leg)) },
      };
      break;
    }
    steps.push(step);
    current = step.position;
    if (exit.quantity === 'all') {
      return {
        position: current,
        steps,
        trade: completeTrade(current, exit.reason, priceOf(market), marketTime),
      };
    }
  }
  return { position: current, steps, trade: null };
}

/** Null: not now. `too small`: the venue sells no such part; the leg stays done and its share goes to the last one. */
function carryOut(
  position: OpenPosition,
  exit: DueExit,
  conditions: ExitConditions,
  execute: Execute,
): ExitStep | 'too small' | null {
  const { market, marketTime, killSwitch, mode } = conditions;
  const { botId, venue, instrument } = position;
  const quantity = exit.quantity === 'all' ? position.quantity : exit.quantity;
  const intent = {
    kind: 'exit' as const,
    mode,
    botId,
    positionId: position.id,
    instrument,
    leg: exit.leg,
    reason: exit.reason,
    quantity,
  };
  const verdict = judgeExit(intent, { killSwitch, held: position.quantity });
  if (!verdict.approved) return null;
  const result = execute(verdict.intent, market);
  if (!result.filled) {
    if (result.rejection.code !== 'BELOW_MIN_NOTIONAL') return null;
    // A part that brings nothing is left to the last leg: it must not hold up those after it.
    return exit.quantity === 'all' ? { order: null, position, received: 0n } : 'too small';
  }
  const about = {
    botId,
    positionId: position.id,
    venue,
    instrument,
    mode,
    leg: exit.leg,
    cause: `exit:${exit.leg}`,
  };
  const order = filledOrder(about, result.fill, marketTime);
  return { order, position: reducePosition(position, result.fill), received: result.fill.quoteChange };
}
