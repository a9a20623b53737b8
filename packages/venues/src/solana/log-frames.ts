import { Type } from 'typebox';
import { Compile } from 'typebox/compile';

/**
 * What a Solana RPC node sends on its websocket after `logsSubscribe`, as recorded. Fields we do not use are left
 * out; `err` is null for a transaction that succeeded.
 */
const Signature = Type.String({ pattern: '^[1-9A-HJ-NP-Za-km-z]{64,88}$' });

export const LogsNotification = Type.Object({
  method: Type.Literal('logsNotification'),
  params: Type.Object({
    subscription: Type.Integer(),
    result: Type.Object({
      context: Type.Object({ slot: Type.Integer({ minimum: 0 }) }),
      value: Type.Object({
        signature: Signature,
        err: Type.Unknown(),
        logs: Type.Union([Type.Array(Type.String()), Type.Null()]),
      }),
    }),
  }),
});

export const SubscribedAnswer = Type.Object({ id: Type.Integer(), result: Type.Integer() });
export const ErrorAnswer = Type.Object({
  id: Type.Union([Type.Integer(), Type.Null()]),
  error: Type.Object({ code: Type.Integer(), message: Type.String() }),
});

export const logsNotification = Compile(LogsNotification);
export const subscribedAnswer = Compile(SubscribedAnswer);
export const errorAnswer = Compile(ErrorAnswer);
