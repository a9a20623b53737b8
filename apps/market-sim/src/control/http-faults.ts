import type { RestAnswer } from '../binance/rest.ts';
import { hash32 } from '../random.ts';
import { type Faults, type HttpVenue, isChosen } from './faults.ts';

export interface HttpFaultsDeps {
  faults: Faults;
  seed: () => number;
  wallNow: () => number;
  /** The venue's own body for an error status. */
  errorBody: Record<HttpVenue, (status: number, bannedUntil: number) => string>;
  /** A client goes on asking although it was told to wait. */
  onViolation(venue: HttpVenue, kind: string): void;
}

/** Requests that were on their way when the ban began are no disobedience. */
const BAN_GRACE_MS = 500;

/** Puts the faults of the HTTP sides between a request and its answer. */
export function createHttpFaults({ faults, seed, wallNow, errorBody, onViolation }: HttpFaultsDeps) {
  const count: Record<HttpVenue, number> = { binance: 0, solana: 0 };
  const bannedFrom: Record<HttpVenue, number> = { binance: 0, solana: 0 };

  const failure = (venue: HttpVenue, status: number, retryAfterSeconds?: number): RestAnswer => ({
    status,
    headers: {
      'content-type': 'application/json;charset=UTF-8',
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    },
    body: errorBody[venue](status, wallNow() + (retryAfterSeconds ?? 0) * 1_000),
  });

  /** The faulty answer instead of the true one; undefined when the request may go through. */
  function refusal(venue: HttpVenue): RestAnswer | undefined {
    const http = faults.http[venue];
    const now = wallNow();
    if (faults.refusedUntil[venue] > now) return failure(venue, 503);
    if (http.bannedUntil > now) {
      if (bannedFrom[venue] === 0) bannedFrom[venue] = now;
      if (now - bannedFrom[venue] > BAN_GRACE_MS) onViolation(venue, 'request while banned');
      return failure(venue, http.banStatus, Math.ceil((http.bannedUntil - now) / 1_000));
    }
    bannedFrom[venue] = 0;
    const status = http.statuses.shift();
    if (status === undefined) return undefined;
    const limited = status === 429 || status === 418;
    return failure(venue, status, limited ? http.retryAfterSeconds : undefined);
  }

  return {
    /** Answers with `answer` or with what the faults make of it. */
    async answer(venue: HttpVenue, answer: () => RestAnswer): Promise<RestAnswer> {
      const refused = refusal(venue);
      if (refused) return refused;
      const http = faults.http[venue];
      const draw = (kind: string) => hash32(seed(), 'http', venue, kind, count[venue]);
      count[venue] += 1;
      const [fails, isCut, waits] = [
        isChosen(draw('fail'), http.failOneIn),
        isChosen(draw('truncate'), http.truncateOneIn),
        isChosen(draw('delay'), http.delayOneIn),
      ];
      if (waits) await new Promise((resolve) => setTimeout(resolve, http.delayMs));
      if (fails) return failure(venue, draw('status') % 2 === 0 ? 500 : 503);
      const sound = answer();
      return isCut ? { ...sound, body: sound.body.slice(0, Math.floor(sound.body.length * 0.6)) } : sound;
    },
  };
}
