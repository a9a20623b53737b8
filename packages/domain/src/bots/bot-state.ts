import type { BotMode, ExitPlan, RiskSettings, Stake, Venue } from '@onefeed/contracts';
import { type Amount, multiplyDown, parseAmount, percentOf } from '../money/amount.ts';
import type { DailyProfit } from './daily-loss.ts';
import type { OpenPosition } from './position.ts';

/** What its owner set. Shared by reference between bots with equal settings. */
export interface BotSettings {
  readonly venue: Venue;
  /** Empty: every instrument of the venue. */
  readonly instruments: readonly string[];
  readonly ruleKey: string;
  readonly mode: BotMode;
  readonly stake: Stake;
  readonly exitPlan: ExitPlan;
  readonly risk: RiskSettings;
}

/** One bot between events. Money and facts, nothing of the market. */
export interface BotState {
  readonly id: string;
  readonly settings: BotSettings;
  readonly running: boolean;
  readonly cash: Amount;
  /** By instrument: at most one each. */
  readonly positions: ReadonlyMap<string, OpenPosition>;
  /** By instrument: market time until which it may not be entered again. */
  readonly cooldowns: ReadonlyMap<string, number>;
  readonly daily: DailyProfit;
}

/** Cash and open positions at their entry prices, in the quote asset. */
export function equityOf(bot: BotState): Amount {
  let equity = bot.cash;
  for (const position of bot.positions.values())
    equity += multiplyDown(position.quantity, position.entryPrice);
  return equity;
}

/** Places after the point that a stake keeps: lamports on pumpfun, 1e-8 on an exchange. */
const STAKE_STEP: Readonly<Record<Venue, Amount>> = { pumpfun: 10n ** 9n, binance: 10n ** 10n };

/** What the bot would put into its next entry. */
export function stakeOf(bot: BotState): Amount {
  const { stake, venue } = bot.settings;
  const wanted = stake.type === 'fixed' ? parseAmount(stake.amount) : percentOf(equityOf(bot), stake.percent);
  return wanted - (wanted % STAKE_STEP[venue]);
}
