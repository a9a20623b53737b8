import type { Timeframe } from '@onefeed/contracts';
import type {
  CandlesRepository,
  EngineCursorsRepository,
  Fence,
  TokenEventsRepository,
} from '@onefeed/db/market';
import { closeTimeOf } from '@onefeed/domain';

export const CANDLES_STREAM = 'candles.binance';
export const TOKENS_STREAM = 'tokens.pumpfun';

/** Where a term begins. */
export interface StartPosition {
  /** seq of the last candle, and of the last token event, whose signals are stored. */
  candlesCursor: number;
  tokensCursor: number;
  /** Close time of the newest candle up to the cursor, ms; undefined when there is none. */
  newestCloseTime: number | undefined;
}

export interface StartPositionDeps {
  candles: Pick<CandlesRepository, 'newestSeq'>;
  tokenEvents: Pick<TokenEventsRepository, 'newestSeq'>;
  engineCursors: Pick<EngineCursorsRepository, 'readOrCreate' | 'newestOpenTimes'>;
}

/** Reads the stored cursors; the very first term begins at the newest rows. */
export async function readStartPosition(deps: StartPositionDeps, fence: Fence): Promise<StartPosition> {
  const { engineCursors } = deps;
  const candlesCursor = await engineCursors.readOrCreate(fence, CANDLES_STREAM, () =>
    deps.candles.newestSeq('binance'),
  );
  const tokensCursor = await engineCursors.readOrCreate(fence, TOKENS_STREAM, deps.tokenEvents.newestSeq);
  const newest = await engineCursors.newestOpenTimes('binance', candlesCursor);
  const closeTimes = newest.map(({ timeframe, openTime }) =>
    closeTimeOf({ timeframe: timeframe as Timeframe, openTime }),
  );
  return {
    candlesCursor,
    tokensCursor,
    newestCloseTime: closeTimes.length === 0 ? undefined : Math.max(...closeTimes),
  };
}
