import { createHash } from 'node:crypto';

/** Names a rule by its canonical text: equal rules of different users are evaluated once and share signals. */
export function ruleKeyOf(canonicalSource: string): string {
  return createHash('sha256').update(canonicalSource).digest('hex').slice(0, 32);
}
