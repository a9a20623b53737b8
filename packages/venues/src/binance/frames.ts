import { NonNegativeDecimal, TimeMs } from '@onefeed/contracts';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';

/** Number of trades. A bar of more than the table's int4 holds would keep a whole batch from being stored. */
export const TradeCount = Type.Integer({ minimum: 0, maximum: 2_147_483_647 });

/**
 * What Binance sends on a stream socket (spot API documents, web-socket-streams). Fields we do not use are
 * left out of the schemas and may be anything.
 */
export const KlineFrame = Type.Object({
  e: Type.Literal('kline'),
  /** Event time, ms. */
  E: TimeMs,
  s: Type.String(),
  k: Type.Object({
    /** Open and close time, ms; the close time is inclusive. */
    t: TimeMs,
    T: TimeMs,
    s: Type.String(),
    i: Type.String(),
    o: NonNegativeDecimal,
    c: NonNegativeDecimal,
    h: NonNegativeDecimal,
    l: NonNegativeDecimal,
    v: NonNegativeDecimal,
    q: NonNegativeDecimal,
    n: TradeCount,
    /** True once: the bar is closed. */
    x: Type.Boolean(),
  }),
});

export const ServerShutdownFrame = Type.Object({ e: Type.Literal('serverShutdown') });

/** Frames of a combined stream are wrapped. */
export const CombinedFrame = Type.Object({ stream: Type.String(), data: Type.Unknown() });

export const AcknowledgedFrame = Type.Object({ result: Type.Null(), id: Type.Integer() });

/** The id is absent in most refusals. */
export const RefusedFrame = Type.Object({ code: Type.Integer(), msg: Type.String() });

export const klineFrame = Compile(KlineFrame);
export const serverShutdownFrame = Compile(ServerShutdownFrame);
export const combinedFrame = Compile(CombinedFrame);
export const acknowledgedFrame = Compile(AcknowledgedFrame);
export const refusedFrame = Compile(RefusedFrame);
