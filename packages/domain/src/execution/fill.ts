import type { OrderSide } from '@onefeed/contracts';
import type { Amount } from '../money/amount.ts';

/** What an executed order did. All amounts are positive and exact. */
export interface Fill {
  readonly side: OrderSide;
  /** Base asset bought before fees, or sold. */
  readonly quantity: Amount;
  /** Average price; informative (rounded), money is in the other fields. */
  readonly price: Amount;
  /** Quote asset that changed hands, before fees. */
  readonly quoteAmount: Amount;
  readonly fee: Amount;
  readonly feeAsset: string;
  /** What the holder gains (buy) or gives (sell) of the base asset, fees considered. */
  readonly baseChange: Amount;
  /** What the holder pays (buy) or receives (sell) of the quote asset, fees considered. */
  readonly quoteChange: Amount;
}

export type ExecutionRefusalCode = 'NO_PRICE' | 'UNTRADEABLE' | 'BELOW_MIN_NOTIONAL' | 'INSUFFICIENT_CASH';

/** The venue would not have done it. Nothing changed. */
export interface Rejection {
  readonly code: ExecutionRefusalCode;
  readonly limit: string | null;
  readonly value: string | null;
}

export type ExecutionResult =
  | { readonly filled: true; readonly fill: Fill }
  | { readonly filled: false; readonly rejection: Rejection };

export const rejected = (
  code: ExecutionRefusalCode,
  limit: string | null = null,
  value: string | null = null,
): ExecutionResult => ({
  filled: false,
  rejection: { code, limit, value },
});
