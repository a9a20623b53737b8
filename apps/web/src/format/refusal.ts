import type { RefusalCode } from '@onefeed/contracts';

const WORDS: Readonly<Record<RefusalCode, string>> = {
  BOT_STOPPED: 'the bot was stopped',
  KILL_SWITCH: 'the operator has paused new entries on the whole platform',
  SIGNAL_TOO_OLD: 'the signal was too old by the time it could be acted on',
  MAX_OPEN_POSITIONS: 'the bot already holds as many positions as it may',
  POSITION_EXISTS: 'the bot already holds this instrument',
  COOLDOWN: 'the instrument is cooling down after the last trade',
  DAILY_LOSS_LIMIT: 'the loss limit of the day is reached',
  INSUFFICIENT_CASH: 'there is not enough cash for the stake',
  BELOW_MIN_NOTIONAL: 'the stake is below the smallest order the venue takes',
  NO_PRICE: 'no price is known yet',
  STALE_DATA: 'market data is stale or has a hole',
  UNTRADEABLE: 'the instrument cannot be traded',
  NO_POSITION: 'there is no position to close',
};

/** A refusal in words, with the limit it met and the value that met it where known. */
export function describeRefusal(code: string, limit: string | null, value: string | null): string {
  const words = WORDS[code as RefusalCode] ?? code.toLowerCase().replaceAll('_', ' ');
  const figures = [limit === null ? null : `limit ${limit}`, value === null ? null : `now ${value}`];
  const known = figures.filter((figure) => figure !== null);
  return known.length > 0 ? `${words} (${known.join(', ')})` : words;
}
