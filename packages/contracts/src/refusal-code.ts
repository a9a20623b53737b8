/** Why risk did not let a bot act on a signal; carried with the limit and the value that met it. */
export const REFUSAL_CODES = [
  'BOT_STOPPED',
  'KILL_SWITCH',
  'SIGNAL_TOO_OLD',
  'MAX_OPEN_POSITIONS',
  'POSITION_EXISTS',
  'COOLDOWN',
  'DAILY_LOSS_LIMIT',
  'INSUFFICIENT_CASH',
  'BELOW_MIN_NOTIONAL',
  'NO_PRICE',
  'STALE_DATA',
  'UNTRADEABLE',
  'NO_POSITION',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];
