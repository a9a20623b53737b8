import { type Static, Type } from 'typebox';

/** `GET /api/admin/stats`, in the exact shape older clients read. `bots` is filled for admins only. */
export const AdminStats = Type.Object({
  success: Type.Literal(true),
  stats: Type.Object({
    active_bots: Type.Integer(),
    architecture: Type.Literal('OPTIMIZED_CENTRALIZED'),
    max_capacity: Type.Integer(),
    feed_stats: Type.Record(Type.String(), Type.Unknown()),
    engine_stats: Type.Record(Type.String(), Type.Unknown()),
    bots: Type.Array(
      Type.Object({
        bot_id: Type.String(),
        user_id: Type.String(),
        strategy: Type.String(),
        uptime_seconds: Type.Integer(),
        signals_received: Type.Integer(),
      }),
    ),
  }),
});
export type AdminStats = Static<typeof AdminStats>;

export const AdminHealth = Type.Object({
  success: Type.Boolean(),
  status: Type.Union([Type.Literal('running'), Type.Literal('degraded')]),
  active_bots: Type.Integer(),
});
export type AdminHealth = Static<typeof AdminHealth>;
