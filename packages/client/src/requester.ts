import type { Session } from '@onefeed/contracts';
import { ApiError } from './api-error.ts';
import type { Fetch } from './platform.ts';

type Query = Readonly<Record<string, string | number | undefined>>;

/** One HTTP exchange; answers the parsed JSON of a success and throws ApiError otherwise. */
export interface Requester {
  get<Answer>(path: string, query?: Query): Promise<Answer>;
  post<Answer>(path: string, body?: unknown): Promise<Answer>;
  delete<Answer>(path: string): Promise<Answer>;
  /** The session that requests are made with; null when logged out. */
  session(): Session | null;
  setSession(session: Session | null): void;
}

/**
 * `onSession` is told of each change, a rotation of the token included. A request refused because the token
 * expired refreshes the session once (by the cookie) and is made again.
 */
export function createRequester(options: {
  baseUrl: string;
  fetch: Fetch;
  onSession: (session: Session | null) => void;
  accessToken?: string;
}): Requester {
  let session: Session | null = null;
  let refreshing: Promise<void> | null = null;

  const setSession = (next: Session | null): void => {
    session = next;
    options.onSession(next);
  };

  const exchange = async <Answer>(method: string, path: string, body: unknown): Promise<Answer> => {
    const headers: Record<string, string> = { accept: 'application/json' };
    const token = session?.accessToken ?? options.accessToken;
    if (token) headers.authorization = `Bearer ${token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    let answer: Awaited<ReturnType<Fetch>>;
    let text: string;
    try {
      answer = await options.fetch(`${options.baseUrl}${path}`, {
        method,
        headers,
        credentials: 'include',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      text = await answer.text();
    } catch (cause) {
      throw new ApiError({ code: 'NETWORK', status: 0, message: 'The server cannot be reached.', cause });
    }
    const parsed = parse(text);
    if (answer.status >= 200 && answer.status < 300 && parsed !== null) return parsed as Answer;
    const failure = parsed as { error?: { code?: string; message?: string; details?: unknown } } | null;
    const retryAfter = Number(answer.headers.get('retry-after') ?? Number.NaN);
    throw new ApiError({
      code: failure?.error?.code ?? 'NETWORK',
      status: answer.status,
      message: failure?.error?.message ?? `The server answered ${answer.status}.`,
      details: failure?.error?.details ?? failure,
      retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : null,
    });
  };

  const refresh = (): Promise<void> => {
    refreshing ??= exchange<Session>('POST', '/api/auth/refresh', {})
      .then(setSession, (error: unknown) => {
        if (error instanceof ApiError && error.status === 401) setSession(null);
        throw error;
      })
      .finally(() => {
        refreshing = null;
      });
    return refreshing;
  };

  const request = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    try {
      return await exchange<Answer>(method, path, body);
    } catch (error) {
      const expired = error instanceof ApiError && error.code === 'TOKEN_EXPIRED' && session !== null;
      if (!expired || path.startsWith('/api/auth/')) throw error;
    }
    await refresh();
    return exchange<Answer>(method, path, body);
  };

  return {
    get: (path, query) => request('GET', path + queryText(query)),
    post: (path, body) => request('POST', path, body ?? {}),
    delete: (path) => request('DELETE', path),
    session: () => session,
    setSession,
  };
}

function queryText(query: Query | undefined): string {
  const parts = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
  );
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
