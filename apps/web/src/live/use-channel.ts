import type { ChannelName, ChannelUpdate } from '@onefeed/client';
import { useEffect, useRef } from 'react';
import { useSession, useSessionStore } from '../session/session-context.ts';

/** Follows a socket channel while the component is shown and somebody is logged in; null follows nothing. */
export function useChannel<Name extends ChannelName>(
  channel: Name | null,
  handler: (update: ChannelUpdate<Name>) => void,
): void {
  const store = useSessionStore();
  const userId = useSession().user?.id ?? null;
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    if (channel === null || userId === null) return;
    return store.socket().subscribe<Name>(channel, (update) => latest.current(update));
  }, [store, channel, userId]);
}
