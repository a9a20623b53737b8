import { Credentials, Done, MeAnswer, Session, SocketTicket } from '@onefeed/contracts';
import type { UsersRepository } from '@onefeed/db';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../http/access.ts';
import { ApiFailure } from '../http/api-failure.ts';
import { EmptyBody } from '../http/empty-body.ts';
import type { OriginCheck } from '../http/origin.ts';
import type { RouteApp } from '../http/route-app.ts';
import type { LoginLimiter } from './login-limiter.ts';
import { clearRefreshCookie, readRefreshCookie, setRefreshCookie } from './refresh-cookie.ts';
import type { Opened, Sessions } from './sessions.ts';
import { type SocketTickets, TICKET_SECONDS } from './socket-tickets.ts';

/** Register, log in, stay logged in, log out; who am I; tickets for sockets. */
export function accountRoutes(
  app: RouteApp,
  deps: {
    sessions: Sessions;
    users: UsersRepository;
    tickets: SocketTickets;
    limiter: LoginLimiter;
    refuseForeignOrigin: OriginCheck;
  },
): void {
  /** These set or use the refresh cookie: no other site's page may make a browser call them. */
  const byCookie = {
    config: { access: 'public', ignoresToken: true },
    preHandler: deps.refuseForeignOrigin,
  } as const;
  const answer = (request: FastifyRequest, reply: FastifyReply, opened: Opened) => {
    setRefreshCookie(request, reply, opened.refreshToken);
    reply.header('cache-control', 'no-store');
    return opened.session;
  };

  app.post(
    '/api/auth/register',
    { ...byCookie, schema: { body: Credentials, response: { 201: Session } } },
    async (request, reply) => {
      const { email, password } = request.body;
      reply.code(201);
      return answer(request, reply, await deps.sessions.register(email, password));
    },
  );

  app.post(
    '/api/auth/login',
    { ...byCookie, schema: { body: Credentials, response: { 200: Session } } },
    async (request, reply) => {
      const { email, password } = request.body;
      deps.limiter.attempt(request.ip, email.toLowerCase());
      const opened = await deps.sessions.login(email, password);
      deps.limiter.succeeded(request.ip, email.toLowerCase());
      return answer(request, reply, opened);
    },
  );

  app.post(
    '/api/auth/refresh',
    { ...byCookie, schema: { body: EmptyBody, response: { 200: Session } } },
    async (request, reply) => {
      const token = readRefreshCookie(request);
      if (token === null) throw new ApiFailure('UNAUTHENTICATED');
      try {
        return answer(request, reply, await deps.sessions.refresh(token));
      } catch (error) {
        if (error instanceof ApiFailure) clearRefreshCookie(reply);
        throw error;
      }
    },
  );

  app.post(
    '/api/auth/logout',
    { ...byCookie, schema: { body: EmptyBody, response: { 200: Done } } },
    async (request, reply) => {
      const token = readRefreshCookie(request);
      if (token !== null) await deps.sessions.logout(token);
      clearRefreshCookie(reply);
      return { success: true as const };
    },
  );

  app.get(
    '/api/me',
    { config: { access: 'user' }, schema: { response: { 200: MeAnswer } } },
    async (request) => {
      const user = await deps.users.byId(callerOf(request).userId);
      if (!user) throw new ApiFailure('UNAUTHENTICATED');
      return { success: true as const, user: { id: user.id, email: user.email, role: user.role } };
    },
  );

  app.post(
    '/api/ws-ticket',
    { config: { access: 'user' }, schema: { body: EmptyBody, response: { 200: SocketTicket } } },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return {
        success: true as const,
        ticket: deps.tickets.issue(callerOf(request)),
        expiresIn: TICKET_SECONDS,
      };
    },
  );
}
