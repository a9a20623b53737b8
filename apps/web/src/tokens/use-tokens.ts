import { useQuery } from '@tanstack/react-query';
import { useEffect, useReducer } from 'react';
import { useChannel } from '../live/use-channel.ts';
import { useClient } from '../session/session-context.ts';
import { changeTokens, TOKEN_LIMIT, type TokenList } from './token-list.ts';

/** Recent tokens: trades live over the socket, scores (which no event carries) asked for every few seconds. */
export function useTokens(): { tokens: TokenList; ready: boolean } {
  const client = useClient();
  const [tokens, change] = useReducer(changeTokens, []);
  const scored = useQuery({
    queryKey: ['tokens'],
    queryFn: () => client.tokens({ limit: TOKEN_LIMIT }),
    refetchInterval: 4_000,
  });
  useEffect(() => {
    if (scored.data) change({ kind: 'snapshot', data: scored.data });
  }, [scored.data]);
  useChannel('tokens', change);
  return { tokens, ready: scored.isSuccess || tokens.length > 0 };
}
