import { randomUUID } from 'node:crypto';
import { type Bus, createMemoryBus, createMemoryHub, type MemoryHub } from '@onefeed/bus';
import type { Session } from '@onefeed/contracts';
import { createDatabase, createPool, type Pool } from '@onefeed/db';
import { createTestDatabase } from '@onefeed/testkit';
import type { LightMyRequestResponse } from 'fastify';
import pino, { type Logger } from 'pino';
import { Registry } from 'prom-client';
import { type App, type AppSettings, buildApp } from '../src/app.ts';
import { createRepositories, type Repositories } from '../src/repositories.ts';

/** A user of the api under test. */
export interface TestUser {
  id: string;
  email: string;
  token: string;
  get(url: string): Promise<LightMyRequestResponse>;
  post(url: string, body?: object): Promise<LightMyRequestResponse>;
  delete(url: string): Promise<LightMyRequestResponse>;
}

/** The application as production builds it, over a database of its own and an in-memory bus. */
export interface TestApi {
  app: App;
  pool: Pool;
  db: ReturnType<typeof createDatabase>;
  repositories: Repositories;
  metrics: Registry;
  /** The other processes' end of the bus. */
  peer: Bus;
  hub: MemoryHub;
  /** Moves the api's clock forward. */
  advance(ms: number): void;
  register(email?: string): Promise<TestUser>;
  admin(): Promise<TestUser>;
  as(token: string): Pick<TestUser, 'get' | 'post' | 'delete'>;
  /** Listens on a free port of localhost; answers the address without a scheme. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

export const PASSWORD = 'correct horse battery';

export async function startTestApi(
  settings: Partial<AppSettings> = {},
  logger: Logger = pino({ level: process.env.TEST_LOG ?? 'silent' }),
): Promise<TestApi> {
  const database = await createTestDatabase();
  const pool = createPool({ url: database.url, maxConnections: 5, applicationName: 'api-test' });
  const repositories = createRepositories(pool);
  const hub = createMemoryHub();
  const bus = createMemoryBus(hub);
  const peer = createMemoryBus(hub);
  const metrics = new Registry();
  let skewMs = 0;
  const app = await buildApp({
    settings: {
      JWT_SECRET: 'a secret of the tests, 32 characters long',
      INSTRUMENTS: ['BTCUSDT'],
      MAX_CAPACITY: 100_000,
      MAX_SOCKETS: 100,
      MAX_SOCKETS_PER_ADDRESS: 100,
      MAX_SOCKETS_PER_USER: 20,
      ALLOWED_ORIGINS: [],
      TRUST_PROXY: false,
      WEB_DIST: '/nonexistent',
      ...settings,
    },
    repositories,
    bus,
    instance: 'api-test',
    logger,
    metrics,
    now: () => Date.now() + skewMs,
    newId: randomUUID,
    random: () => 0.5,
  });
  app.live.start();
  await bus.start();
  await peer.start();
  await app.http.ready();
  await app.live.feeds.settled();

  const as = (token: string): Pick<TestUser, 'get' | 'post' | 'delete'> => {
    const headers = { authorization: `Bearer ${token}` };
    return {
      get: (url) => app.http.inject({ method: 'GET', url, headers }),
      post: (url, body) => app.http.inject({ method: 'POST', url, headers, payload: body ?? {} }),
      delete: (url) => app.http.inject({ method: 'DELETE', url, headers }),
    };
  };
  const toUser = (session: Session): TestUser => ({
    id: session.user.id,
    email: session.user.email,
    token: session.accessToken,
    ...as(session.accessToken),
  });

  return {
    app,
    pool,
    db: createDatabase(pool),
    repositories,
    metrics,
    peer,
    hub,
    as,
    advance: (ms) => {
      skewMs += ms;
    },
    register: async (email = `${randomUUID()}@example.com`) => {
      const answer = await app.http.inject({
        method: 'POST',
        url: '/api/auth/register',
        payload: { email, password: PASSWORD },
      });
      return toUser(answer.json<Session>());
    },
    admin: async () => {
      const email = `admin-${randomUUID()}@example.com`;
      const passwordHash = await app.passwords.hash(PASSWORD);
      await repositories.users.add({ id: randomUUID(), email, role: 'admin', passwordHash });
      const answer = await app.http.inject({
        method: 'POST',
        url: '/api/auth/login',
        payload: { email, password: PASSWORD },
      });
      return toUser(answer.json<Session>());
    },
    listen: async () => {
      const address = await app.http.listen({ port: 0, host: '127.0.0.1' });
      return address.replace('http://', '');
    },
    close: async () => {
      await app.live.stop();
      await app.http.close();
      await bus.stop();
      await peer.stop();
      await pool.end();
      await database.drop();
    },
  };
}
