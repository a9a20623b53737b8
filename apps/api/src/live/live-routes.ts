import { InstrumentName, TIMEFRAMES } from '@onefeed/contracts';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { callerOf } from '../http/access.ts';
import { ApiFailure } from '../http/api-failure.ts';
import type { OriginCheck } from '../http/origin.ts';
import type { RouteApp } from '../http/route-app.ts';
import { candleChannelName } from './channel-name.ts';
import { createEventSourceSession } from './event-source-session.ts';
import type { Live } from './live.ts';
import { createSocketSession } from './socket-session.ts';

const Ticket = Type.Optional(Type.String({ maxLength: 64 }));
const SharedQuery = Type.Object(
  { symbol: Type.Union([InstrumentName], { default: 'BTCUSDT' }), ticket: Ticket },
  { additionalProperties: false },
);

/** The two ways to live data: the WebSocket, and the event stream of older clients. */
export function liveRoutes(
  app: RouteApp,
  deps: { live: Live; refuseForeignOrigin: OriginCheck; now: () => number },
): void {
  const { live, refuseForeignOrigin, now } = deps;

  const refuseOneTooMany = async (request: FastifyRequest): Promise<void> =>
    live.sessions.check(request.ip, request.caller?.userId ?? null);

  app.route({
    method: 'GET',
    url: '/api/ws',
    exposeHeadRoute: false,
    config: { access: 'user', acceptsTicket: true },
    schema: { hide: true, querystring: Type.Object({ ticket: Ticket }, { additionalProperties: false }) },
    preHandler: [refuseForeignOrigin, refuseOneTooMany],
    handler: () => {
      throw new ApiFailure('UPGRADE_REQUIRED');
    },
    wsHandler: (webSocket, request) => {
      live.sessions.add(
        createSocketSession({
          webSocket,
          caller: callerOf(request),
          ip: request.ip,
          channels: live.channels,
          now,
          onFailure: (error) => request.log.warn({ err: error }, 'a socket had a failure'),
          onEnd: live.sessions.remove,
        }),
      );
    },
  });

  app.get(
    '/api/trading-shared',
    {
      exposeHeadRoute: false,
      config: { access: 'public', acceptsTicket: true },
      schema: { querystring: SharedQuery },
      preHandler: [refuseForeignOrigin, refuseOneTooMany],
    },
    async (request, reply) => {
      const { symbol } = request.query;
      if (!(await live.instruments.has('binance', symbol))) throw new ApiFailure('UNKNOWN_INSTRUMENT');
      // Others may have come, and this one gone, while the instruments were read.
      await refuseOneTooMany(request);
      if (reply.raw.destroyed) return reply.hijack();
      reply.hijack();
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) reply.raw.setHeader(name, value);
      }
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        connection: 'keep-alive',
        // nginx would hold events back.
        'x-accel-buffering': 'no',
      });
      reply.raw.write('retry: 3000\n\n');
      const session = createEventSourceSession({
        response: reply.raw,
        caller: request.caller,
        ip: request.ip,
        channelNames: [
          ...TIMEFRAMES.map((timeframe) => candleChannelName('binance', symbol, timeframe)),
          'signals',
          ...(request.caller ? ['bots'] : []),
        ],
        channels: live.channels,
        now,
        onFailure: (error) => request.log.warn({ err: error }, 'an event stream had a failure'),
        onEnd: live.sessions.remove,
      });
      live.sessions.add(session);
      await session.start();
    },
  );
}
