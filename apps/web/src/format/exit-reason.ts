import type { Trade } from '@onefeed/contracts';

const WORDS: Readonly<Record<Trade['exitReason'], string>> = {
  take_profit: 'Take profit',
  stop_loss: 'Stop loss',
  trailing_stop: 'Trailing stop',
  time_limit: 'Time limit',
  migration: 'After migration',
  signal: 'Exit signal',
  user: 'Closed by you',
};

export function describeExitReason(reason: Trade['exitReason']): string {
  return WORDS[reason];
}
