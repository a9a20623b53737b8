import { type Static, Type } from 'typebox';

/** `GET /api/ws-stats`: how many streams the clients share. */
export const SocketStats = Type.Object({
  success: Type.Literal(true),
  summary: Type.Object({
    activeSessions: Type.Integer(),
    totalSubscriptions: Type.Integer(),
    sharedWebSockets: Type.Integer(),
    /** "80.0% reduction in connections" */
    efficiency: Type.String(),
    /** "24 connections saved" */
    savings: Type.String(),
    /** Sockets the gateway holds to venues, all venues together. */
    upstreamConnections: Type.Integer(),
  }),
  websockets: Type.Array(
    Type.Object({
      venue: Type.String(),
      symbol: Type.String(),
      timeframe: Type.String(),
      subscribers: Type.Integer(),
      lastUpdate: Type.Union([Type.Integer(), Type.Null()]),
      candlesCount: Type.Integer(),
      currentPrice: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
});
export type SocketStats = Static<typeof SocketStats>;
