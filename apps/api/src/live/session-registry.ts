import { ApiFailure } from '../http/api-failure.ts';
import { networkOf } from '../http/network.ts';
import type { LiveSession } from './live-session.ts';

/** Bounds of connected clients (I10); at a bound the new one is turned away. */
export interface SessionLimits {
  perUser: number;
  perAddress: number;
  total: number;
}

export interface SessionRegistry {
  /** Throws RATE_LIMITED or OVERLOADED when one more would be too many. Call before accepting it. */
  check(ip: string, userId: string | null): void;
  add(session: LiveSession): void;
  remove(session: LiveSession): void;
  all(): ReadonlySet<LiveSession>;
  audienceChanged(userId: string): void;
  closeAll(): void;
}

export function createSessionRegistry(limits: SessionLimits): SessionRegistry {
  const sessions = new Set<LiveSession>();
  const perIp = new Map<string, number>();
  const perUser = new Map<string, number>();

  const count = (counts: Map<string, number>, key: string | undefined, change: number): void => {
    if (key === undefined) return;
    const next = (counts.get(key) ?? 0) + change;
    if (next <= 0) counts.delete(key);
    else counts.set(key, next);
  };

  return {
    check: (ip, userId) => {
      if (sessions.size >= limits.total) throw new ApiFailure('OVERLOADED', { retryAfterSeconds: 30 });
      const ofUser = userId === null ? 0 : (perUser.get(userId) ?? 0);
      if ((perIp.get(networkOf(ip)) ?? 0) >= limits.perAddress || ofUser >= limits.perUser) {
        throw new ApiFailure('RATE_LIMITED', { retryAfterSeconds: 30 });
      }
    },
    add: (session) => {
      sessions.add(session);
      count(perIp, networkOf(session.ip), 1);
      count(perUser, session.caller?.userId, 1);
    },
    remove: (session) => {
      if (!sessions.delete(session)) return;
      count(perIp, networkOf(session.ip), -1);
      count(perUser, session.caller?.userId, -1);
    },
    all: () => sessions,
    audienceChanged: (userId) => {
      for (const session of sessions) {
        if (session.caller?.userId === userId) session.audienceChanged();
      }
    },
    closeAll: () => {
      for (const session of [...sessions]) session.close();
    },
  };
}
