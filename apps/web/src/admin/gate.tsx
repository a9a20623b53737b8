import { AuthForm } from '../session/auth-form.tsx';
import { useSession } from '../session/session-context.ts';

/** The way in for operators; traders are told that they are none. */
export function Gate() {
  const session = useSession();
  return (
    <section className="neon-panel neon-gate" aria-label="Operator access">
      <h2>Operator access</h2>
      {session.status === 'in' ? (
        <p>
          {session.user.email} is a trader's account. Log out, then log in as an operator to see services and
          bots.
        </p>
      ) : session.status === 'restoring' ? (
        <p>Taking your session up again…</p>
      ) : (
        <>
          <p>Log in to see services, bots and the kill switch.</p>
          <AuthForm loginOnly />
        </>
      )}
    </section>
  );
}
