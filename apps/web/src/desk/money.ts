import type { Bot, Position, Venue } from '@onefeed/contracts';
import type { PriceOf } from '../live/price-board.ts';

/** Floats are fine here: these figures move with every tick and are only looked at. */

export function quoteAssetOf(venue: Venue): 'USDT' | 'SOL' {
  return venue === 'pumpfun' ? 'SOL' : 'USDT';
}

export interface PositionMoney {
  /** Latest price, or the entry price before the first tick. */
  readonly price: number;
  /** What the position holds now, in the quote asset. */
  readonly value: number;
  /** Value and proceeds so far, less the cost. */
  readonly profit: number;
  readonly profitPercent: number;
}

export function positionMoney(position: Position, priceOf: PriceOf): PositionMoney {
  const price = priceOf(position.venue, position.instrument) ?? Number(position.entryPrice);
  const value = price * Number(position.quantity);
  const cost = Number(position.cost);
  const profit = value + Number(position.proceeds) - cost;
  return { price, value, profit, profitPercent: cost === 0 ? 0 : (profit / cost) * 100 };
}

export interface BotMoney {
  readonly cash: number;
  /** Cash and the value of the open positions. */
  readonly equity: number;
  readonly profit: number;
  readonly profitPercent: number;
}

export function botMoney(bot: Bot, positions: readonly Position[], priceOf: PriceOf): BotMoney {
  const own = positions.filter((position) => position.botId === bot.id);
  const cash = Number(bot.cash);
  const equity = own.reduce((sum, position) => sum + positionMoney(position, priceOf).value, cash);
  const initial = Number(bot.initialCash);
  const profit = equity - initial;
  return { cash, equity, profit, profitPercent: initial === 0 ? 0 : (profit / initial) * 100 };
}
