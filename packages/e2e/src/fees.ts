import type { Order } from '@onefeed/contracts';
import Big from 'big.js';

const PROTOCOL_BASIS_POINTS = 95n;
const CREATOR_BASIS_POINTS = 30n;

const lamports = (sol: string) => BigInt(new Big(sol).times(1e9).toFixed(0));
const feePart = (amount: bigint, basisPoints: bigint) => (amount * basisPoints + 9_999n) / 10_000n;

/** What the bonding curve charges: each part rounded up to a lamport by itself. */
export function curveFeeSol(order: Order): string {
  const amount = lamports(order.quoteAmount);
  const fee = feePart(amount, PROTOCOL_BASIS_POINTS) + feePart(amount, CREATOR_BASIS_POINTS);
  return new Big(fee.toString()).div(1e9).toString();
}

/** Binance's taker fee, in the asset received (base on a buy, quote on a sell), in whole 1e-8 rounded up. */
export function takerFee(order: Order): string {
  const received = order.side === 'buy' ? order.quantity : order.quoteAmount;
  return new Big(received).times('0.001').round(8, Big.roundUp).toString();
}

export const same = (a: string, b: string) => new Big(a).eq(b);
