import type { ReactNode } from 'react';
import { LiveBadge } from './live/live-badge.tsx';
import { Link } from './routing/link.tsx';
import { useSession, useSessionStore } from './session/session-context.ts';

/** The bar above the pages: where one is, whether it is live, who is logged in. */
export function Shell({ children }: { children: ReactNode }) {
  const store = useSessionStore();
  const session = useSession();
  return (
    <>
      <header className="bar">
        <Link to="/" className="brand">
          <Brand />
          onefeed
        </Link>
        <nav className="bar-links" aria-label="Pages">
          <Link to="/bot">Bots</Link>
          <Link to="/admin">Admin</Link>
          <Link to="/admin/ws-stats">Streams</Link>
        </nav>
        {session.status === 'in' && (
          <div className="bar-session">
            <LiveBadge />
            <span className="muted bar-user" data-testid="session-email">
              {session.user.email}
            </span>
            <button
              type="button"
              className="button button-quiet"
              onClick={() => void store.logout()}
              data-testid="logout"
            >
              Log out
            </button>
          </div>
        )}
      </header>
      {children}
    </>
  );
}

function Brand() {
  return (
    <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true" className="brand-mark">
      <circle cx="6" cy="16" r="4" />
      <path d="M10 16h5l6-9h7M15 16h13M15 16l6 9h7" />
    </svg>
  );
}
