import type { Session } from '@onefeed/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const post = (url: string, payload: object, cookies: Record<string, string> = {}) =>
  api.app.http.inject({ method: 'POST', url, payload, cookies });
const cookieOf = (answer: { cookies: { name: string; value: string }[] }): Record<string, string> =>
  Object.fromEntries(answer.cookies.map(({ name, value }) => [name, value]));

describe('accounts', () => {
  it('registers, says who one is and knows the e-mail in any case', async () => {
    const registered = await post('/api/auth/register', { email: 'Ann@Example.com', password: PASSWORD });
    expect(registered.statusCode).toBe(201);
    const session = registered.json<Session>();
    expect(session).toMatchObject({
      success: true,
      expiresIn: 900,
      user: { email: 'ann@example.com', role: 'user' },
    });
    const me = await api.as(session.accessToken).get('/api/me');
    expect(me.json()).toEqual({ success: true, user: session.user });
    const again = await post('/api/auth/register', { email: 'ANN@example.com', password: PASSWORD });
    expect([again.statusCode, again.json().error.code]).toEqual([409, 'EMAIL_TAKEN']);
    const login = await post('/api/auth/login', { email: 'aNN@example.com', password: PASSWORD });
    expect(login.statusCode).toBe(200);
  });

  it('keeps neither password nor refresh token in the clear', async () => {
    const answer = await post('/api/auth/register', { email: 'clear@example.com', password: PASSWORD });
    const [token] = Object.values(cookieOf(answer));
    const dump = await api.pool.query(
      'select row_to_json(u)::text as r from users u union all select row_to_json(t)::text from refresh_tokens t',
    );
    const text = dump.rows.map((row) => row.r).join();
    expect(text).toContain('$argon2id$');
    expect(text).not.toContain(PASSWORD);
    expect(token).toBeDefined();
    expect(text).not.toContain(token);
  });

  it('answers an unknown e-mail and a wrong password alike', async () => {
    await api.register('known@example.com');
    const unknown = await post('/api/auth/login', { email: 'nobody@example.com', password: PASSWORD });
    const wrong = await post('/api/auth/login', { email: 'known@example.com', password: 'not the password' });
    expect(unknown.statusCode).toBe(401);
    expect(unknown.body).toBe(wrong.body);
  });

  it('lets nobody into an account whose password is unusable', async () => {
    await api.repositories.users.add({
      id: crypto.randomUUID(),
      email: 'demo@example.com',
      role: 'user',
      passwordHash: '!',
    });
    const answer = await post('/api/auth/login', { email: 'demo@example.com', password: PASSWORD });
    expect(answer.statusCode).toBe(401);
  });

  it('limits login attempts by address and e-mail, and says when to come back', async () => {
    const attempt = () =>
      post('/api/auth/login', { email: 'guessed@example.com', password: 'wrong password' });
    for (let count = 0; count < 10; count += 1) expect((await attempt()).statusCode).toBe(401);
    const limited = await attempt();
    expect([limited.statusCode, limited.json().error.code]).toEqual([429, 'RATE_LIMITED']);
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
    const other = await post('/api/auth/login', { email: 'other@example.com', password: 'wrong password' });
    expect(other.statusCode).toBe(401);
    api.advance(301_000);
    expect((await attempt()).statusCode).toBe(401);
  });

  it('rotates the refresh token and ends the login when an old one comes back', async () => {
    const first = await post('/api/auth/register', { email: 'rotate@example.com', password: PASSWORD });
    expect(String(first.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/);
    const second = await post('/api/auth/refresh', {}, cookieOf(first));
    expect(second.statusCode).toBe(200);
    expect(second.json<Session>().user.email).toBe('rotate@example.com');
    expect(cookieOf(second)).not.toEqual(cookieOf(first));
    const third = await post('/api/auth/refresh', {}, cookieOf(second));
    expect(third.statusCode).toBe(200);
    const stolen = await post('/api/auth/refresh', {}, cookieOf(first));
    expect(stolen.statusCode).toBe(401);
    const victim = await post('/api/auth/refresh', {}, cookieOf(third));
    expect(victim.statusCode).toBe(401);
  });

  it('lets two tabs refresh at once, and nobody with that token a moment later', async () => {
    const login = await post('/api/auth/register', { email: 'tabs@example.com', password: PASSWORD });
    const tabs = await Promise.all([1, 2, 3].map(() => post('/api/auth/refresh', {}, cookieOf(login))));
    expect(tabs.map((tab) => tab.statusCode)).toEqual([200, 200, 200]);
    expect(new Set(tabs.map((tab) => JSON.stringify(cookieOf(tab)))).size).toBe(3);
    const [kept, other] = tabs;
    if (!kept || !other) throw new Error('no tabs');
    const { rows } = await api.pool.query(
      "update refresh_tokens set used_at = used_at - interval '11 seconds' where used_at is not null returning user_id",
    );
    expect(rows.length).toBeGreaterThan(0);
    expect((await post('/api/auth/refresh', {}, cookieOf(login))).statusCode).toBe(401);
    expect((await post('/api/auth/refresh', {}, cookieOf(kept))).statusCode).toBe(401);
    expect((await post('/api/auth/refresh', {}, cookieOf(other))).statusCode).toBe(401);
  });

  it('leaves no login alive when a logout and a refresh meet', async () => {
    for (let round = 0; round < 5; round += 1) {
      const login = await post('/api/auth/register', {
        email: `meet${round}@example.com`,
        password: PASSWORD,
      });
      const [refreshed] = await Promise.all([
        post('/api/auth/refresh', {}, cookieOf(login)),
        post('/api/auth/logout', {}, cookieOf(login)),
      ]);
      const next = refreshed.statusCode === 200 ? cookieOf(refreshed) : cookieOf(login);
      expect((await post('/api/auth/refresh', {}, next)).statusCode).toBe(401);
    }
  });

  it('does not take a refresh token that has expired', async () => {
    const login = await post('/api/auth/register', { email: 'old@example.com', password: PASSWORD });
    await api.pool.query(
      "update refresh_tokens set expires_at = now() - interval '1 second' where user_id = (select id from users where email = 'old@example.com')",
    );
    expect((await post('/api/auth/refresh', {}, cookieOf(login))).statusCode).toBe(401);
    await api.repositories.refreshTokens.pruneExpired();
    const { rows } = await api.pool.query('select 1 from refresh_tokens where expires_at < now()');
    expect(rows).toEqual([]);
  });

  it('forgets the login on logout', async () => {
    const login = await post('/api/auth/register', { email: 'leave@example.com', password: PASSWORD });
    await post('/api/auth/logout', {}, cookieOf(login));
    expect((await post('/api/auth/refresh', {}, cookieOf(login))).statusCode).toBe(401);
  });

  it('refuses tokens that are expired, foreign or unsigned', async () => {
    const user = await api.register();
    const claims = { sub: user.id, role: 'admin' };
    const past = Math.floor(Date.now() / 1_000) - 60;
    const expired = api.app.http.jwt.sign({ ...claims, exp: past });
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;
    const codeOf = async (token: string) => (await api.as(token).get('/api/me')).json().error.code;
    expect(await codeOf(expired)).toBe('TOKEN_EXPIRED');
    expect(await codeOf(none)).toBe('UNAUTHENTICATED');
    expect(await codeOf(`${user.token}x`)).toBe('UNAUTHENTICATED');
    expect(await codeOf('')).toBe('UNAUTHENTICATED');
  });

  it('writes who came and who failed into the audit log', async () => {
    const admin = await api.admin();
    await post('/api/auth/login', { email: 'audited@example.com', password: 'wrong password' });
    const { entries } = (await admin.get('/api/admin/audit?limit=200')).json();
    const actions = entries.map((entry: { action: string }) => entry.action);
    expect(actions).toContain('user.registered');
    expect(actions[0]).toBe('user.login_failed');
  });
});
