import type { RunnableBot, TradeFacts } from '@onefeed/db';
import {
  type Amount,
  addProfit,
  type BotSettings,
  type DailyProfit,
  NO_PROFIT_YET,
  type OpenPosition,
  parseAmount,
} from '@onefeed/domain';

/** A bot in memory: the domain's BotState, changed in place. */
export interface RunningBot {
  readonly id: string;
  readonly userId: string;
  settings: BotSettings;
  running: boolean;
  /** Wall clock, ms: signals stored before are not this run's. */
  startedAt: number;
  cash: Amount;
  positions: ReadonlyMap<string, OpenPosition>;
  cooldowns: ReadonlyMap<string, number>;
  daily: DailyProfit;
}

/** Cooldowns remembered a bot at most; the oldest goes first. */
const MAX_COOLDOWNS = 500;

// Most bots hold nothing most of the time: they share one empty map instead of 2 of their own.
const NOTHING_HELD: ReadonlyMap<string, OpenPosition> = new Map();
const NO_COOLDOWNS: ReadonlyMap<string, number> = new Map();

/** Different settings remembered; past this the memory starts over and only sharing is lost. */
const MAX_SETTINGS = 10_000;

/** Settings by their content: equal ones of thousands of bots are one object. */
export function createSettingsPool(): (bot: RunnableBot) => BotSettings {
  const pool = new Map<string, BotSettings>();
  return ({ venue, instruments, ruleKey, mode, stake, exitPlan, risk }) => {
    const settings = { venue, instruments, ruleKey, mode, stake, exitPlan, risk };
    const key = JSON.stringify(settings);
    const same = pool.get(key);
    if (same !== undefined) return same;
    if (pool.size >= MAX_SETTINGS) pool.clear();
    pool.set(key, settings);
    return settings;
  };
}

export function createRunningBot(
  row: RunnableBot,
  settings: BotSettings,
  facts: TradeFacts | undefined,
): RunningBot {
  const bot: RunningBot = {
    id: row.id,
    userId: row.userId,
    settings,
    running: row.state === 'running',
    startedAt: row.startedAt ?? 0,
    cash: parseAmount(row.cash),
    positions: NOTHING_HELD,
    cooldowns: NO_COOLDOWNS,
    daily: NO_PROFIT_YET,
  };
  if (facts === undefined) return bot;
  bot.daily = { day: facts.day, profit: parseAmount(facts.profit) };
  for (const { instrument, closedAt } of facts.lastClosed) coolDown(bot, instrument, closedAt);
  return bot;
}

export function hold(bot: RunningBot, position: OpenPosition): void {
  bot.positions = new Map(bot.positions).set(position.instrument, position);
}

/** Takes a closed position off the bot: money was booked before, `profit` counts for the day. */
export function letGo(bot: RunningBot, position: OpenPosition, profit: Amount, at: number): void {
  const positions = new Map(bot.positions);
  positions.delete(position.instrument);
  bot.positions = positions.size === 0 ? NOTHING_HELD : positions;
  bot.daily = addProfit(bot.daily, profit, at);
  coolDown(bot, position.instrument, at);
}

function coolDown(bot: RunningBot, instrument: string, closedAt: number): void {
  const seconds = bot.settings.risk.cooldownSeconds;
  if (seconds === 0) return;
  const cooldowns = new Map(bot.cooldowns);
  cooldowns.delete(instrument);
  cooldowns.set(instrument, closedAt + seconds * 1000);
  for (const [old, until] of cooldowns) {
    if (until > closedAt && cooldowns.size <= MAX_COOLDOWNS) break;
    cooldowns.delete(old);
  }
  bot.cooldowns = cooldowns;
}
