import type { KillSwitch, RiskSettings } from '@onefeed/contracts';
import type { EntryIntent } from '../bots/intent.ts';
import { isTrading, type Market, priceOf } from '../execution/market.ts';
import { type Amount, amountOfNumber, formatAmount, ONE, parseAmount } from '../money/amount.ts';
import { approve, refuse, type Verdict } from './approved.ts';

/** Everything an entry is judged by. Times are the venue's. */
export interface EntryFacts {
  readonly running: boolean;
  readonly killSwitch: KillSwitch;
  readonly settings: RiskSettings;
  readonly cash: Amount;
  readonly openPositions: number;
  readonly holdsInstrument: boolean;
  /** When the instrument may be entered again; 0 when at any time. */
  readonly cooldownUntil: number;
  /** Quote asset lost in trades closed today (UTC, market clock); 0 after a winning day. */
  readonly lostToday: Amount;
  /** Time of the event that made the rule true, and the newest time of its venue. */
  readonly signalTime: number;
  readonly marketTime: number;
  readonly maxSignalAgeMs: number;
  /** The venue's feed is silent or has a hole. */
  readonly stale: boolean;
  /** Null when no price of the instrument is known. */
  readonly market: Market | null;
  /** Percent the position may lose before its stop; undefined without a stop. */
  readonly stopLossPercent: number | undefined;
}

const HUNDRED = 100n * ONE;

/**
 * How far a market clock may step back and be the same market still. A replay begins years earlier: no cooldown of
 * another time holds there.
 */
const CLOCK_STEP_MS = 60_000;

/**
 * Lets an entry pass or says which limit it met. The checks run from the platform's to the bot's to the market's,
 * so the reason given is the most general one.
 */
export function judgeEntry(intent: EntryIntent, facts: EntryFacts): Verdict<EntryIntent> {
  const { settings, market } = facts;
  if (!facts.running) return refuse('BOT_STOPPED');
  if (facts.killSwitch.entries || facts.killSwitch.everything) return refuse('KILL_SWITCH');
  const age = facts.marketTime - facts.signalTime;
  if (age > facts.maxSignalAgeMs)
    return refuse('SIGNAL_TOO_OLD', String(facts.maxSignalAgeMs / 1000), String(age / 1000));
  if (facts.stale) return refuse('STALE_DATA');
  if (facts.holdsInstrument) return refuse('POSITION_EXISTS', '1', '1');
  if (facts.openPositions >= settings.maxOpenPositions) {
    return refuse('MAX_OPEN_POSITIONS', String(settings.maxOpenPositions), String(facts.openPositions));
  }
  const coolsMs = facts.cooldownUntil - facts.marketTime;
  if (coolsMs > 0 && coolsMs <= settings.cooldownSeconds * 1000 + CLOCK_STEP_MS) {
    return refuse('COOLDOWN', String(settings.cooldownSeconds), String(coolsMs / 1000));
  }
  if (settings.dailyLossLimit !== undefined && facts.lostToday >= parseAmount(settings.dailyLossLimit)) {
    return refuse('DAILY_LOSS_LIMIT', settings.dailyLossLimit, formatAmount(facts.lostToday));
  }
  if (market === null || priceOf(market) <= 0n) return refuse('NO_PRICE');
  if (market.venue === 'pumpfun' && market.untradeable !== null)
    return refuse('UNTRADEABLE', null, market.untradeable);
  if (market.venue === 'pumpfun' && market.unconfirmed !== null)
    return refuse('STALE_DATA', null, market.unconfirmed);
  if (!isTrading(market)) return refuse('UNTRADEABLE');
  if (intent.stake <= 0n) return refuse('BELOW_MIN_NOTIONAL', null, formatAmount(intent.stake));
  if (intent.stake > facts.cash) {
    return refuse('INSUFFICIENT_CASH', formatAmount(facts.cash), formatAmount(intent.stake));
  }
  if (market.venue === 'binance') {
    const needed = notionalNeeded(market.rules.minNotional, facts.stopLossPercent);
    if (intent.stake < needed)
      return refuse('BELOW_MIN_NOTIONAL', formatAmount(needed), formatAmount(intent.stake));
  }
  return approve(intent);
}

/** What must go in so that the position can still be sold at its stop: a smaller one could never be left. */
function notionalNeeded(minNotional: Amount, stopLossPercent: number | undefined): Amount {
  const rest = HUNDRED - amountOfNumber(stopLossPercent ?? 0);
  return rest <= 0n ? minNotional : (minNotional * HUNDRED + rest - 1n) / rest;
}
