import type { Session } from '@onefeed/contracts';
import { describe, expect, it } from 'vitest';
import { ApiError } from './api-error.ts';
import { createClient } from './client.ts';
import type { Fetch } from './platform.ts';

const SESSION: Session = {
  success: true,
  user: { id: '00000000-0000-4000-8000-000000000000', email: 'a@b.cd', role: 'user' },
  accessToken: 'first',
  expiresIn: 900,
};
const EXPIRED = {
  status: 401,
  body: { success: false, error: { code: 'TOKEN_EXPIRED', message: 'Expired.' } },
};

interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** A server that gives prepared answers by `METHOD path`, in turn. */
function createServer(answers: Record<string, Answer[]>) {
  const asked: { request: string; token: string | undefined; body: string | undefined }[] = [];
  const fetch: Fetch = async (url, init) => {
    const request = `${init.method} ${url}`;
    asked.push({ request, token: init.headers.authorization, body: init.body });
    const answer = answers[request]?.shift();
    if (!answer) throw new TypeError('fetch failed');
    return {
      status: answer.status,
      headers: { get: (name) => answer.headers?.[name] ?? null },
      text: async () => (typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)),
    };
  };
  return { fetch, asked };
}

describe('the client', () => {
  it('logs in and sends the token from then on', async () => {
    const { fetch, asked } = createServer({
      'POST /api/auth/login': [{ status: 200, body: SESSION }],
      'GET /api/bots?limit=2': [{ status: 200, body: { success: true, bots: [], nextCursor: null } }],
    });
    const sessions: (Session | null)[] = [];
    const client = createClient({ baseUrl: '', fetch, onSession: (session) => sessions.push(session) });
    await client.login({ email: 'a@b.cd', password: 'a long password' });
    expect(await client.bots({ limit: 2 })).toEqual({ success: true, bots: [], nextCursor: null });
    expect(asked.map(({ token }) => token)).toEqual([undefined, 'Bearer first']);
    expect(sessions).toEqual([SESSION]);
  });

  it('throws what the server refused', async () => {
    const { fetch } = createServer({
      'POST /api/bot/stop': [
        {
          status: 429,
          headers: { 'retry-after': '7' },
          body: { success: false, error: { code: 'RATE_LIMITED', message: 'Wait.', details: { a: 1 } } },
        },
      ],
      'GET /api/catalog': [{ status: 502, body: '<html>bad gateway</html>' }],
    });
    const client = createClient({ baseUrl: '', fetch, accessToken: 't' });
    const refused = await client.stopLegacyBot().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiError);
    expect(refused).toMatchObject({
      code: 'RATE_LIMITED',
      status: 429,
      details: { a: 1 },
      retryAfterSeconds: 7,
    });
    await expect(client.catalog()).rejects.toMatchObject({ code: 'NETWORK', status: 502 });
    await expect(client.me()).rejects.toMatchObject({ code: 'NETWORK', status: 0 });
  });

  it('refreshes an expired session once for all who wait, and asks again', async () => {
    const user = { status: 200, body: { success: true, user: SESSION.user } };
    const { fetch, asked } = createServer({
      'POST /api/auth/login': [{ status: 200, body: SESSION }],
      'POST /api/auth/refresh': [{ status: 200, body: { ...SESSION, accessToken: 'second' } }],
      'GET /api/me': [EXPIRED, EXPIRED, user, user],
    });
    const client = createClient({ baseUrl: '', fetch });
    await client.login({ email: 'a@b.cd', password: 'a long password' });
    expect(await Promise.all([client.me(), client.me()])).toEqual([SESSION.user, SESSION.user]);
    expect(asked.filter(({ request }) => request.endsWith('refresh'))).toHaveLength(1);
    expect(asked.at(-1)?.token).toBe('Bearer second');
  });

  it('is logged out when the refresh is refused', async () => {
    const { fetch } = createServer({
      'POST /api/auth/login': [{ status: 200, body: SESSION }],
      'POST /api/auth/refresh': [
        { status: 401, body: { success: false, error: { code: 'UNAUTHENTICATED', message: 'No.' } } },
      ],
      'GET /api/me': [EXPIRED],
    });
    const client = createClient({ baseUrl: '', fetch });
    await client.login({ email: 'a@b.cd', password: 'a long password' });
    await expect(client.me()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(client.session()).toBeNull();
  });

  it('reads health also when it is bad', async () => {
    const body = { success: false, status: 'degraded', active_bots: 3 };
    const { fetch } = createServer({ 'GET /api/admin/health': [{ status: 503, body }] });
    expect(await createClient({ baseUrl: '', fetch }).adminHealth()).toEqual(body);
  });
});
