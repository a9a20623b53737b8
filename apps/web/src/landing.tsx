import { Link } from './routing/link.tsx';
import { Shell } from './shell.tsx';

/** What the platform is and where to go; also what an unknown address shows. */
export function Landing({ lost }: { lost: boolean }) {
  return (
    <Shell>
      <main className="landing">
        {lost && <p className="note">There is no page at this address.</p>}
        <p className="landing-words">
          <span>One feed.</span> <span>One analysis.</span> <span>Every bot.</span>
        </p>
        <p className="muted landing-about">
          Market data arrives once, every strategy is computed once, and each bot only reacts. Start one with
          paper money and watch it trade.
        </p>
        <nav className="landing-links" aria-label="Start here">
          <Link to="/bot" className="button button-primary">
            Run a bot
          </Link>
          <Link to="/admin" className="button">
            Operations
          </Link>
          <a href="/docs" className="button">
            API reference
          </a>
        </nav>
      </main>
    </Shell>
  );
}
