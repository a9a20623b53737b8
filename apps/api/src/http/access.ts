import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type { AccessTokens } from '../accounts/access-tokens.ts';
import type { SocketTickets } from '../accounts/socket-tickets.ts';
import { ApiFailure } from './api-failure.ts';
import type { Caller } from './caller.ts';

/** Who may call a route. `public` routes see the caller when a valid token is given. */
export type Access = 'public' | 'user' | 'admin';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** The route also takes a single-use ticket in the query: browsers cannot set headers on sockets. */
    acceptsTicket?: boolean;
    /** The route never looks at `Authorization`: who asks for a new access token often sends the expired one. */
    ignoresToken?: boolean;
  }
  interface FastifyRequest {
    caller: Caller | null;
  }
}

export interface GuardedRoute {
  method: string;
  url: string;
  access: Access;
}

export interface AccessGuard {
  /** Every route of the application, once it is ready. */
  routes(): readonly GuardedRoute[];
}

/**
 * Refuses to become ready with a route that does not say who may call it (I8): none is open by omission.
 * Register before any route.
 */
export function installAccessGuard(
  app: FastifyInstance,
  { tokens, tickets }: { tokens: AccessTokens; tickets: SocketTickets },
): AccessGuard {
  const registered: RouteOptions[] = [];
  app.decorateRequest('caller', null);
  app.addHook('onRoute', (route) => void registered.push(route));
  app.addHook('onReady', async () => {
    const open = registered.filter((route) => route.config?.access === undefined);
    if (open.length > 0) {
      const names = open.map((route) => `${String(route.method)} ${route.url}`).join(', ');
      throw new Error(`Routes without config.access: ${names}. Declare 'public', 'user' or 'admin'.`);
    }
  });

  app.addHook('onRequest', async (request) => {
    if (request.is404) return;
    const { access, acceptsTicket, ignoresToken } = request.routeOptions.config;
    request.caller = ignoresToken === true ? null : identify(request, acceptsTicket === true);
    if (access === 'public') return;
    if (!request.caller) throw new ApiFailure('UNAUTHENTICATED');
    if (access === 'user') return;
    // An undeclared access is treated as the strictest.
    if (request.caller.role !== 'admin') throw new ApiFailure('FORBIDDEN');
  });

  const identify = (request: FastifyRequest, acceptsTicket: boolean): Caller | null => {
    const header = request.headers.authorization;
    if (header !== undefined) {
      const [scheme, token] = header.split(' ');
      if (scheme?.toLowerCase() !== 'bearer' || !token) throw new ApiFailure('UNAUTHENTICATED');
      return tokens.verify(token);
    }
    const ticket = (request.query as { ticket?: unknown }).ticket;
    if (!acceptsTicket || ticket === undefined) return null;
    const caller = typeof ticket === 'string' ? tickets.redeem(ticket) : null;
    if (!caller) throw new ApiFailure('UNAUTHENTICATED');
    return caller;
  };

  return {
    routes: () =>
      registered.flatMap((route) =>
        [route.method].flat().map((method) => ({
          method,
          url: route.url,
          access: route.config?.access ?? 'admin',
        })),
      ),
  };
}

/** The caller of a route that is not public. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new ApiFailure('UNAUTHENTICATED');
  return request.caller;
}

/** Declares access for routes that a plugin registers by itself; call inside the plugin's own scope. */
export function declareAccess(scope: FastifyInstance, access: Access): void {
  scope.addHook('onRoute', (route) => {
    route.config = { ...route.config, access };
  });
}
