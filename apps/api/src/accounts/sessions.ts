import type { Session } from '@onefeed/contracts';
import type { RefreshTokensRepository, UserAccount, UsersRepository } from '@onefeed/db';
import { ApiFailure } from '../http/api-failure.ts';
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from './access-tokens.ts';
import type { Audit } from './audit.ts';
import type { Passwords } from './passwords.ts';
import { hashRefreshToken, newRefreshToken, REFRESH_SECONDS } from './refresh-cookie.ts';

/** A session and the refresh token that goes into its cookie. */
export interface Opened {
  session: Session;
  refreshToken: string;
}

export interface Sessions {
  register(email: string, password: string): Promise<Opened>;
  login(email: string, password: string): Promise<Opened>;
  /** Exchanges a refresh token for the next; one that was exchanged before (but for a short grace) ends the whole login. */
  refresh(refreshToken: string): Promise<Opened>;
  logout(refreshToken: string): Promise<void>;
}

export function createSessions(deps: {
  users: UsersRepository;
  refreshTokens: RefreshTokensRepository;
  passwords: Passwords;
  tokens: AccessTokens;
  audit: Audit;
  now: () => number;
  newId: () => string;
}): Sessions {
  const expiry = (): Date => new Date(deps.now() + REFRESH_SECONDS * 1_000);

  const toOpened = (user: Omit<UserAccount, 'passwordHash'>, refreshToken: string): Opened => {
    const session: Session = {
      success: true,
      user: { id: user.id, email: user.email, role: user.role },
      accessToken: deps.tokens.issue(user),
      expiresIn: ACCESS_TOKEN_SECONDS,
    };
    return { session, refreshToken };
  };

  const open = async (user: Omit<UserAccount, 'passwordHash'>): Promise<Opened> => {
    const { token, tokenHash } = newRefreshToken();
    const family = deps.newId();
    await deps.refreshTokens.add({ tokenHash, userId: user.id, family, expiresAt: expiry() });
    return toOpened(user, token);
  };

  return {
    register: async (givenEmail, password) => {
      const email = givenEmail.toLowerCase();
      const user: UserAccount = {
        id: deps.newId(),
        email,
        role: 'user',
        passwordHash: await deps.passwords.hash(password),
      };
      if (!(await deps.users.add(user))) throw new ApiFailure('EMAIL_TAKEN');
      await deps.audit.record({ userId: user.id, action: 'user.registered' });
      return open(user);
    },

    login: async (givenEmail, password) => {
      const user = await deps.users.byEmail(givenEmail.toLowerCase());
      if (!(await deps.passwords.matches(user?.passwordHash ?? null, password)) || !user) {
        await deps.audit.record({ userId: user?.id ?? null, action: 'user.login_failed' });
        throw new ApiFailure('INVALID_CREDENTIALS');
      }
      return open(user);
    },

    refresh: async (refreshToken) => {
      const { token, tokenHash } = newRefreshToken();
      const rotation = await deps.refreshTokens.rotate(hashRefreshToken(refreshToken), {
        tokenHash,
        expiresAt: expiry(),
      });
      if (rotation.outcome === 'reused')
        await deps.audit.record({ userId: rotation.userId, action: 'user.refresh_token_reused' });
      if (rotation.outcome !== 'rotated') throw new ApiFailure('UNAUTHENTICATED');
      const user = await deps.users.byId(rotation.userId);
      if (!user) throw new ApiFailure('UNAUTHENTICATED');
      return toOpened(user, token);
    },

    logout: (refreshToken) => deps.refreshTokens.revokeFamilyOf(hashRefreshToken(refreshToken)),
  };
}
