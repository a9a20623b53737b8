import type { Signal } from '@onefeed/contracts';
import type { Market } from '../execution/market.ts';
import { createPaperExecution } from '../execution/paper-execution.ts';
import { parseAmount } from '../money/amount.ts';
import { KILL_SWITCH_OFF } from '../risk/kill-switch.ts';
import type { BotSettings, BotState } from './bot-state.ts';
import { NO_PROFIT_YET } from './daily-loss.ts';
import { decide } from './decide.ts';
import { enterPosition } from './enter.ts';

// What the tests of trading start from: a bot, a market, a signal.

export const a = parseAmount;
export const execute = createPaperExecution();
export const rules = {
  baseAsset: 'BTC',
  quoteAsset: 'USDT',
  tickSize: a('0.01'),
  stepSize: a('0.00001'),
  minQuantity: a('0.00001'),
  minNotional: a('5'),
  tradeable: true,
};
export const btc = (price: string): Market => ({ venue: 'binance', price: a(price), rules });
export const settings: BotSettings = {
  venue: 'binance',
  instruments: ['BTCUSDT'],
  ruleKey: 'r'.repeat(32),
  mode: 'paper',
  stake: { type: 'fixed', amount: '100' },
  exitPlan: { stopLossPercent: 5, takeProfit: { type: 'FIXED', gainPercent: 10 } },
  risk: { maxOpenPositions: 2, cooldownSeconds: 60 },
};
export const bot = (changes: Partial<BotState> = {}): BotState => ({
  id: '00000000-0000-4000-8000-000000000001',
  settings,
  running: true,
  cash: a('1000'),
  positions: new Map(),
  cooldowns: new Map(),
  daily: NO_PROFIT_YET,
  ...changes,
});
export const signal = (changes: Partial<Signal> = {}): Signal => ({
  id: '7',
  venue: 'binance',
  instrument: 'BTCUSDT',
  ruleKey: settings.ruleKey,
  kind: 'entry',
  eventTime: 1_000_000,
  eventId: '1m:940000',
  price: '100',
  provenance: { rule: '', values: [] },
  ...changes,
});
export const conditions = {
  market: btc('50000'),
  marketTime: 1_000_000,
  stale: false,
  killSwitch: KILL_SWITCH_OFF,
  maxSignalAgeMs: 120_000,
};

export function enter(
  state: BotState,
  given: Signal = signal(),
  changed: Partial<typeof conditions> | { market: Market | null } = {},
) {
  const decision = decide(state, given);
  if (decision.type !== 'enter') throw new Error(`decided ${decision.type}`);
  return enterPosition(state, decision.intent, given, { ...conditions, ...changed }, execute);
}

export const refusalOf = (...given: Parameters<typeof enter>) => {
  const outcome = enter(...given);
  return outcome.entered ? 'entered' : outcome.refused.code;
};
