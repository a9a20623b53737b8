import type { UserRole } from '@onefeed/contracts';

/** Who asks. `expiresAt` (ms) is when the access token ends. */
export interface Caller {
  userId: string;
  role: UserRole;
  expiresAt: number;
}
