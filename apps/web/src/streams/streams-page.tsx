import { useQuery } from '@tanstack/react-query';
import { LastUpdated } from '../admin/last-updated.tsx';
import { MatrixRain } from '../admin/matrix-rain.tsx';
import { Link } from '../routing/link.tsx';
import { useClient } from '../session/session-context.ts';
import { StreamTable } from './stream-table.tsx';

const REFRESH_MS = 2_000;

/** `/admin/ws-stats`: how many streams the clients share, and each of them. */
export function StreamsPage() {
  const client = useClient();
  const stats = useQuery({
    queryKey: ['socketStats'],
    queryFn: () => client.socketStats(),
    refetchInterval: REFRESH_MS,
    staleTime: 0,
    retry: false,
  });
  const summary = stats.data?.summary;
  const facts = summary && [
    ['Sessions', summary.activeSessions],
    ['Subscriptions', summary.totalSubscriptions],
    ['Shared streams', summary.sharedWebSockets],
    ['Upstream sockets', summary.upstreamConnections],
  ];
  return (
    <div className="neon">
      <MatrixRain />
      <div className="neon-page">
        <header className="neon-head">
          <div className="neon-brand">
            <h1 data-text="STREAMS">STREAMS</h1>
            <p>many readers, one socket each</p>
          </div>
          <nav className="neon-links" aria-label="Pages">
            <Link to="/bot">Bots</Link>
            <Link to="/admin">Admin</Link>
            <Link to="/admin/ws-stats">Streams</Link>
          </nav>
          <div className="neon-pulse">
            <LastUpdated at={stats.dataUpdatedAt} />
          </div>
        </header>
        <main className="neon-streams">
          {stats.error && (
            <p className="neon-panel neon-alarm" role="alert">
              {stats.error.message}
            </p>
          )}
          {summary && (
            <section className="neon-panel neon-summary" aria-label="Summary" data-testid="stream-summary">
              <dl>
                {facts?.map(([label, value]) => (
                  <div key={label}>
                    <dt>{label}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
              </dl>
              <p>
                <strong className="neon-efficiency">{summary.efficiency}</strong> {summary.savings}
              </p>
            </section>
          )}
          <StreamTable streams={stats.data?.websockets} />
        </main>
      </div>
    </div>
  );
}
