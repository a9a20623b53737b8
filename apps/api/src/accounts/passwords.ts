import { hash, verify } from '@node-rs/argon2';
import { ApiFailure } from '../http/api-failure.ts';

/** At most this many hashes at once (19 MiB each) and as many waiting ones; beyond it callers are turned away (I12). */
const MAX_RUNNING = 4;
const MAX_WAITING = 64;

export interface Passwords {
  /** Argon2id with its own salt; parameters are inside the text. */
  hash(password: string): Promise<string>;
  /** `storedHash` null: no such account. It takes as long as a wrong password, so that nobody learns which it was. */
  matches(storedHash: string | null, password: string): Promise<boolean>;
}

export function createPasswords(): Passwords {
  let running = 0;
  const waiting: (() => void)[] = [];

  const inTurn = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running >= MAX_RUNNING) {
      if (waiting.length >= MAX_WAITING) throw new ApiFailure('OVERLOADED', { retryAfterSeconds: 2 });
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };

  // Of a password nobody has; made at the first need.
  let decoy: Promise<string> | null = null;

  return {
    hash: (password) => inTurn(() => hash(password)),
    matches: (storedHash, password) =>
      inTurn(async () => {
        decoy ??= hash('no account has this password');
        // What is stored for an account nobody may log in to is not a hash at all.
        const usable = storedHash?.startsWith('$argon2') ? storedHash : null;
        const matched = await verify(usable ?? (await decoy), password);
        return usable !== null && matched;
      }),
  };
}
