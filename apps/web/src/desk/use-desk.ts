import { useQuery } from '@tanstack/react-query';
import { useEffect, useReducer } from 'react';
import { useChannel } from '../live/use-channel.ts';
import { useClient } from '../session/session-context.ts';
import { changeDesk, type Desk, type DeskChange, EMPTY_DESK } from './desk.ts';

const HISTORY = 100;

/** The desk, live over the socket. */
export function useDesk(): { desk: Desk; change: (change: DeskChange) => void } {
  const client = useClient();
  const [desk, change] = useReducer(changeDesk, EMPTY_DESK);
  const past = useQuery({ queryKey: ['trades'], queryFn: () => client.trades({ limit: HISTORY }) });
  useEffect(() => {
    if (past.data) change({ kind: 'history', trades: past.data.trades });
  }, [past.data]);
  useChannel('bots', (update) => {
    // After a gap the snapshot holds no trades: what was missed is read again.
    if (update.kind === 'snapshot') void past.refetch();
    change(update);
  });
  return { desk, change };
}
