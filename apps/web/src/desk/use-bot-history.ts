import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useClient } from '../session/session-context.ts';
import type { DeskChange } from './desk.ts';

/** Reads the selected bot's earlier orders and decisions into the desk. */
export function useBotHistory(botId: string, change: (change: DeskChange) => void): void {
  const client = useClient();
  const orders = useQuery({
    queryKey: ['orders', botId],
    queryFn: () => client.botOrders(botId, { limit: 100 }),
  });
  const decisions = useQuery({
    queryKey: ['decisions', botId],
    queryFn: () => client.botDecisions(botId, { limit: 50 }),
  });
  useEffect(() => {
    if (orders.data) change({ kind: 'history', orders: orders.data.orders });
  }, [orders.data, change]);
  useEffect(() => {
    if (decisions.data) change({ kind: 'history', decisions: decisions.data.decisions });
  }, [decisions.data, change]);
}
