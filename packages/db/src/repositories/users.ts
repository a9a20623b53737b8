import type { UserRole } from '@onefeed/contracts';
import { eq, sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { users } from '../schema/index.ts';

export interface UserAccount {
  id: string;
  email: string;
  role: UserRole;
  passwordHash: string;
}

const account = { id: users.id, email: users.email, role: users.role, passwordHash: users.passwordHash };

/** Accounts. E-mails are given in lower case. */
export function createUsersRepository(db: Database) {
  return {
    /** False when an account with this e-mail exists; it is then left as it is. */
    async add(user: UserAccount): Promise<boolean> {
      const added = await db.insert(users).values(user).onConflictDoNothing().returning({ id: users.id });
      return added.length === 1;
    },

    async byEmail(email: string): Promise<UserAccount | null> {
      const [found] = await db.select(account).from(users).where(eq(users.email, email));
      return found ?? null;
    },

    async byId(id: string): Promise<UserAccount | null> {
      const [found] = await db.select(account).from(users).where(eq(users.id, id));
      return found ?? null;
    },

    async count(): Promise<number> {
      const [row] = await db.select({ count: sql<number>`count(*)::int` }).from(users);
      return row?.count ?? 0;
    },
  };
}
export type UsersRepository = ReturnType<typeof createUsersRepository>;
