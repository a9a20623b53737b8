import type { Intent } from '../bots/intent.ts';
import type { Approved } from '../risk/approved.ts';
import { buyOnExchange, EXCHANGE_COSTS, type ExchangeCosts, sellOnExchange } from './exchange-fill.ts';
import { type ExecutionResult, rejected } from './fill.ts';
import type { Market } from './market.ts';
import { buyToken, sellToken } from './token-fill.ts';

/** Carries out what risk approved, against the market as it is known. */
export type Execute = (intent: Approved<Intent>, market: Market | null) => ExecutionResult;

/**
 * Paper execution: fills at once, by the venue's own rules and fees. Pure. An order meant for a real account is
 * rejected: its owner would believe in money that was never there.
 */
export function createPaperExecution(costs: ExchangeCosts = EXCHANGE_COSTS): Execute {
  return (intent, market) => {
    if (intent.mode !== 'paper')
      return rejected('UNTRADEABLE', null, 'a live order is never filled on paper');
    if (market === null) return rejected('NO_PRICE');
    if (market.venue === 'binance') {
      return intent.kind === 'entry'
        ? buyOnExchange(market, intent.stake, costs)
        : sellOnExchange(market, intent.quantity, costs);
    }
    return intent.kind === 'entry' ? buyToken(market, intent.stake) : sellToken(market, intent.quantity);
  };
}
