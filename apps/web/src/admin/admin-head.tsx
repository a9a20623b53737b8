import { Link } from '../routing/link.tsx';
import { useSession, useSessionStore } from '../session/session-context.ts';
import { LastUpdated } from './last-updated.tsx';
import type { AdminFigures } from './use-admin-figures.ts';

/** Name, state of the platform, and how fresh the page is. */
export function AdminHead({ figures }: { figures: AdminFigures }) {
  const store = useSessionStore();
  const session = useSession();
  const { health, error, updatedAt } = figures;
  const state = error ? 'unreachable' : (health?.status ?? 'connecting');
  return (
    <header className="neon-head">
      <div className="neon-brand">
        <h1 data-text="ONEFEED">ONEFEED</h1>
        <p>one feed · one analysis · every bot</p>
      </div>
      <nav className="neon-links" aria-label="Pages">
        <Link to="/bot">Bots</Link>
        <Link to="/admin">Admin</Link>
        <Link to="/admin/ws-stats">Streams</Link>
        {session.status === 'in' && (
          <button type="button" className="neon-link" onClick={() => void store.logout()}>
            Log out
          </button>
        )}
      </nav>
      <div className="neon-pulse">
        <p className={`neon-state neon-state-${state}`} role="status" data-testid="platform-status">
          {state}
        </p>
        <LastUpdated at={updatedAt} />
      </div>
    </header>
  );
}
