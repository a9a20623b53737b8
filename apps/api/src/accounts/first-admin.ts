import type { UsersRepository } from '@onefeed/db';
import type { Audit } from './audit.ts';
import type { Passwords } from './passwords.ts';

/** Makes the administrator's account when there is none of that e-mail; an existing one is left as it is. */
export async function ensureFirstAdmin(
  deps: { users: UsersRepository; passwords: Passwords; audit: Audit; newId: () => string },
  given: { email: string; password: string },
): Promise<void> {
  const email = given.email.toLowerCase();
  if (await deps.users.byEmail(email)) return;
  const passwordHash = await deps.passwords.hash(given.password);
  const id = deps.newId();
  const added = await deps.users.add({ id, email, role: 'admin', passwordHash });
  if (added) await deps.audit.record({ userId: id, action: 'admin.created' });
}
