import type { BotMode, Order, Venue } from '@onefeed/contracts';
import type { Fill } from '../execution/fill.ts';
import { formatAmount } from '../money/amount.ts';
import { clientIdOf, orderIdOf } from './identity.ts';

/** The order of a fill, as stored and shown. `leg` is `entry` or the exit's name; `cause` says it in words. */
export function filledOrder(
  about: {
    botId: string;
    positionId: string;
    venue: Venue;
    instrument: string;
    mode: BotMode;
    leg: string;
    cause: string;
  },
  fill: Fill,
  at: number,
): Order {
  const clientId = clientIdOf(about.positionId, about.leg);
  return {
    id: orderIdOf(clientId),
    clientId,
    botId: about.botId,
    positionId: about.positionId,
    cause: about.cause,
    venue: about.venue,
    instrument: about.instrument,
    side: fill.side,
    mode: about.mode,
    status: 'filled',
    quantity: formatAmount(fill.quantity),
    price: formatAmount(fill.price),
    quoteAmount: formatAmount(fill.quoteAmount),
    fee: formatAmount(fill.fee),
    feeAsset: fill.feeAsset,
    createdAt: at,
  };
}
