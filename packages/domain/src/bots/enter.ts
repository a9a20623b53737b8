import type { ExitPlan, KillSwitch, Order, Signal } from '@onefeed/contracts';
import type { Fill } from '../execution/fill.ts';
import { type Market, priceOf, saleMinimumOf } from '../execution/market.ts';
import type { Execute } from '../execution/paper-execution.ts';
import { stopPrice } from '../exits/evaluate-exits.ts';
import { type Amount, floorToStep, formatAmount, multiplyDown } from '../money/amount.ts';
import type { Refused } from '../risk/approved.ts';
import { judgeEntry } from '../risk/entry-risk.ts';
import type { BotState } from './bot-state.ts';
import { lostToday } from './daily-loss.ts';
import type { EntryIntent } from './intent.ts';
import { filledOrder } from './order.ts';
import { type OpenPosition, openPosition } from './position.ts';

/** What an entry is made against. */
export interface EntryConditions {
  readonly market: Market | null;
  readonly marketTime: number;
  readonly stale: boolean;
  readonly killSwitch: KillSwitch;
  readonly maxSignalAgeMs: number;
}

export type EntryOutcome =
  | { readonly entered: true; readonly order: Order; readonly position: OpenPosition; readonly cash: Amount }
  | { readonly entered: false; readonly refused: Refused };

/** Risk, execution and bookkeeping of one entry. Pure; `cash` is the bot's money after it. */
export function enterPosition(
  bot: BotState,
  intent: EntryIntent,
  signal: Signal,
  conditions: EntryConditions,
  execute: Execute,
): EntryOutcome {
  const { settings } = bot;
  const { market, marketTime } = conditions;
  const verdict = judgeEntry(intent, {
    ...conditions,
    running: bot.running,
    settings: settings.risk,
    cash: bot.cash,
    openPositions: bot.positions.size,
    holdsInstrument: bot.positions.has(intent.instrument),
    cooldownUntil: bot.cooldowns.get(intent.instrument) ?? 0,
    lostToday: lostToday(bot.daily, marketTime),
    signalTime: signal.eventTime,
    stopLossPercent: settings.exitPlan.stopLossPercent,
  });
  if (!verdict.approved) return { entered: false, refused: verdict.refused };
  const result = execute(verdict.intent, market);
  if (!result.filled) return { entered: false, refused: result.rejection };
  const { fill } = result;
  if (fill.quoteChange > bot.cash)
    return { entered: false, refused: { code: 'INSUFFICIENT_CASH', limit: null, value: null } };
  const unsellable = market === null ? null : unsellableAtStop(fill, settings.exitPlan, market);
  if (unsellable !== null) return { entered: false, refused: unsellable };
  const identity = {
    id: intent.positionId,
    botId: bot.id,
    venue: settings.venue,
    instrument: intent.instrument,
  };
  const order = filledOrder(
    {
      ...identity,
      positionId: intent.positionId,
      mode: settings.mode,
      leg: 'entry',
      cause: `signal:${signal.id}`,
    },
    fill,
    marketTime,
  );
  const position = openPosition({ ...identity, plan: settings.exitPlan }, fill, marketTime);
  return { entered: true, order, position, cash: bot.cash - fill.quoteChange };
}

/**
 * A fill is only computed so far. Fee and steps leave less to sell than was bought: what could be sold neither now nor
 * at its stop would be written off whole, even after a gain.
 */
function unsellableAtStop(fill: Fill, plan: ExitPlan, market: Market): Refused | null {
  const { stepSize, minQuantity, minNotional } = saleMinimumOf(market);
  const quantity = floorToStep(fill.baseChange, stepSize);
  const stop = stopPrice(plan, fill.price);
  const price = priceOf(market);
  const lowest = stop !== null && stop > 0n && stop < price ? stop : price;
  const value = multiplyDown(quantity, lowest);
  if (quantity > 0n && quantity >= minQuantity && value >= minNotional) return null;
  return { code: 'BELOW_MIN_NOTIONAL', limit: formatAmount(minNotional), value: formatAmount(value) };
}
