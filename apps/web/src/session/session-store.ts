import { ApiError, type Client, createClient, type Socket } from '@onefeed/client';
import type { Credentials, User } from '@onefeed/contracts';

export type SessionState =
  | { readonly status: 'restoring' | 'out'; readonly user: null }
  | { readonly status: 'in'; readonly user: User };

/** Set while a refresh cookie is likely to exist, so that visitors cause no refused request. */
const HINT = 'onefeed.session';

const OUT: SessionState = { status: 'out', user: null };

/**
 * Who is logged in, and the one socket of that session. The access token lives in memory only; after a
 * reload it comes back by the HttpOnly cookie.
 */
export function createSessionStore(storage: Storage) {
  const listeners = new Set<() => void>();
  let state: SessionState = storage.getItem(HINT) === null ? OUT : { status: 'restoring', user: null };
  let socket: Socket | null = null;

  const client: Client = createClient({
    baseUrl: '',
    onSession: (session) => {
      if (session) {
        storage.setItem(HINT, '1');
        if (state.user?.id !== session.user.id) closeSocket();
        setState({ status: 'in', user: session.user });
      } else {
        storage.removeItem(HINT);
        closeSocket();
        setState(OUT);
      }
    },
  });

  function setState(next: SessionState): void {
    const same = next.status === state.status && next.user?.id === state.user?.id;
    if (same) return;
    state = next;
    for (const listener of listeners) listener();
  }

  function closeSocket(): void {
    socket?.close();
    socket = null;
  }

  return {
    client,
    state: (): SessionState => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** The live connection of the session that is logged in now. */
    socket: (): Socket => {
      socket ??= client.socket();
      return socket;
    },
    /** Takes the session up again after a reload. A server that is away is asked again. */
    restore: async (): Promise<void> => {
      for (let delayMs = 500; state.status === 'restoring'; delayMs = Math.min(delayMs * 2, 8_000)) {
        try {
          await oneTabAtATime(() => client.refresh());
        } catch (error) {
          if (
            error instanceof ApiError &&
            error.status >= 400 &&
            error.status < 500 &&
            error.status !== 429
          ) {
            storage.removeItem(HINT);
            setState(OUT);
            return;
          }
          await new Promise((resolve) => setTimeout(resolve, delayMs));
        }
      }
    },
    register: (credentials: Credentials) => client.register(credentials),
    login: (credentials: Credentials) => client.login(credentials),
    logout: async (): Promise<void> => {
      await client.logout().catch(() => {});
      storage.removeItem(HINT);
      closeSocket();
      setState(OUT);
    },
  };
}

/** A refresh token is good for one use: two tabs that open together must not spend the same one. */
function oneTabAtATime<Result>(run: () => Promise<Result>): Promise<Result> {
  const locks = globalThis.navigator?.locks;
  return locks ? locks.request('onefeed.refresh', run) : run();
}

export type SessionStore = ReturnType<typeof createSessionStore>;
