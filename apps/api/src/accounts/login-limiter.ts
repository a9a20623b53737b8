import { ApiFailure } from '../http/api-failure.ts';
import { networkOf } from '../http/network.ts';

const MAX_ATTEMPTS = 10;
const WINDOW_MS = 300_000;
const MAX_KEYS = 20_000;

export interface LoginLimiter {
  /** Counts an attempt; throws RATE_LIMITED past 10 failures in 5 minutes. */
  attempt(ip: string, email: string): void;
  succeeded(ip: string, email: string): void;
}

/** Slows guessing one account's password from one address. Keeps at most 20,000 pairs; the oldest go first. */
export function createLoginLimiter(now: () => number): LoginLimiter {
  const attempts = new Map<string, { count: number; until: number }>();
  const keyOf = (ip: string, email: string): string => `${networkOf(ip)} ${email}`;

  return {
    attempt: (ip, email) => {
      const key = keyOf(ip, email);
      const known = attempts.get(key);
      const current = known && known.until > now() ? known : { count: 0, until: now() + WINDOW_MS };
      if (current.count >= MAX_ATTEMPTS) {
        throw new ApiFailure('RATE_LIMITED', {
          retryAfterSeconds: Math.ceil((current.until - now()) / 1_000),
        });
      }
      attempts.delete(key);
      attempts.set(key, { ...current, count: current.count + 1 });
      if (attempts.size > MAX_KEYS) {
        const [oldest] = attempts.keys();
        if (oldest !== undefined) attempts.delete(oldest);
      }
    },
    succeeded: (ip, email) => void attempts.delete(keyOf(ip, email)),
  };
}
