import { type Static, Type } from 'typebox';

/** What the server says on `/api/ws`. `offset` counts a channel's messages within `epoch`. */
export const Subscribed = Type.Object({
  op: Type.Literal('subscribed'),
  channel: Type.String(),
  epoch: Type.String(),
  offset: Type.Integer({ minimum: 0 }),
  /** True when `snapshot` is absent because every missed message follows. */
  recovered: Type.Optional(Type.Boolean()),
  snapshot: Type.Optional(Type.Unknown()),
});
export const Unsubscribed = Type.Object({ op: Type.Literal('unsubscribed'), channel: Type.String() });
export const Pong = Type.Object({ op: Type.Literal('pong'), at: Type.Integer() });
export const SocketError = Type.Object({
  op: Type.Literal('error'),
  code: Type.String(),
  message: Type.String(),
  channel: Type.Optional(Type.String()),
});
export const Data = Type.Object({
  channel: Type.String(),
  epoch: Type.String(),
  offset: Type.Integer({ minimum: 1 }),
  data: Type.Unknown(),
});

export type Subscribed = Static<typeof Subscribed>;
export type Data = Static<typeof Data>;

export const ServerMessage = Type.Union([Subscribed, Unsubscribed, Pong, SocketError, Data]);
export type ServerMessage = Static<typeof ServerMessage>;
