import { useQuery } from '@tanstack/react-query';
import { useClient, useSession } from '../session/session-context.ts';

/** How often the public figures are read. */
const REFRESH_MS = 2_000;

/** Everything `/admin` shows. The overview (services, totals) is for operators who logged in. */
export function useAdminFigures() {
  const client = useClient();
  const isAdmin = useSession().user?.role === 'admin';
  const live = { refetchInterval: REFRESH_MS, staleTime: 0, retry: false };
  // The session is a part of the key: the same address answers more to an operator.
  const stats = useQuery({ ...live, queryKey: ['adminStats', isAdmin], queryFn: () => client.adminStats() });
  const health = useQuery({ ...live, queryKey: ['adminHealth'], queryFn: () => client.adminHealth() });
  const sockets = useQuery({ ...live, queryKey: ['socketStats'], queryFn: () => client.socketStats() });
  const overview = useQuery({
    ...live,
    queryKey: ['adminOverview'],
    queryFn: () => client.adminOverview(),
    enabled: isAdmin,
  });
  return {
    isAdmin,
    stats: stats.data?.stats,
    health: health.data,
    sockets: sockets.data?.summary,
    overview: isAdmin ? overview.data : undefined,
    updatedAt: stats.dataUpdatedAt,
    error: stats.error ?? health.error ?? sockets.error ?? overview.error,
  };
}

export type AdminFigures = ReturnType<typeof useAdminFigures>;
