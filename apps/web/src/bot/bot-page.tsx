import { useSession } from '../session/session-context.ts';
import { Shell } from '../shell.tsx';
import { Desktop } from './desktop.tsx';
import { Welcome } from './welcome.tsx';

/** `/bot`: the way in, then one's own bots. */
export function BotPage() {
  const session = useSession();
  return (
    <Shell>
      {session.status === 'in' ? (
        <Desktop key={session.user.id} />
      ) : session.status === 'restoring' ? (
        <p className="loading-words" role="status">
          Taking your session up again…
        </p>
      ) : (
        <Welcome />
      )}
    </Shell>
  );
}
