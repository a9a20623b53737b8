import type { SocketState } from '@onefeed/client';
import { useSyncExternalStore } from 'react';
import { useSession, useSessionStore } from '../session/session-context.ts';

/** State of the live connection; `idle` while nobody is logged in. */
export function useSocketState(): SocketState {
  const store = useSessionStore();
  const loggedIn = useSession().status === 'in';
  return useSyncExternalStore(
    (listener) => (loggedIn ? store.socket().onState(listener) : () => {}),
    () => (loggedIn ? store.socket().state() : 'idle'),
  );
}
