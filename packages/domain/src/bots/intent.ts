import type { BotMode, ExitReason } from '@onefeed/contracts';
import type { Amount } from '../money/amount.ts';

/** A bot wants to put `stake` of its quote asset into an instrument because of a signal. */
export interface EntryIntent {
  readonly kind: 'entry';
  readonly mode: BotMode;
  readonly botId: string;
  readonly signalId: string;
  readonly positionId: string;
  readonly instrument: string;
  readonly stake: Amount;
}

/** A bot wants to sell `quantity` of a position; `leg` names the exit within the position. */
export interface ExitIntent {
  readonly kind: 'exit';
  readonly mode: BotMode;
  readonly botId: string;
  readonly positionId: string;
  readonly instrument: string;
  readonly leg: string;
  readonly reason: ExitReason;
  readonly quantity: Amount;
}

export type Intent = EntryIntent | ExitIntent;
