import { hash32 } from '../random.ts';
import { createTokenLife, type TokenEvent, type TokenLife } from './token-life.ts';

export interface TokenWorldOptions {
  seed: number;
  /** Token time of token 0's birth; also keeps the mints of different runs apart. */
  startAt: number;
  /** Token time the world is entered at; tokens born before do not exist for it. */
  enterAt: number;
  /** Token time per wall time. */
  speed: number;
  tokensPerMinute: number;
}

export interface TokenWorld {
  /** Everything that happens up to token time `now`, in order. */
  advance(now: number): TokenEvent[];
  /** Token time of the next happening. */
  nextDue(): number;
  readonly liveTokens: number;
}

/** Token time runs at most this many times faster than the wall clock: a life must leave time to trade on. */
export const MAX_TOKEN_SPEED = 20;
/** Whatever the speed, PumpPortal's client sees at most so many creates a minute of wall time. */
export const MAX_CREATES_PER_WALL_MINUTE = 120;
const MINUTE_MS = 60_000;

/** All tokens alive, as a pure function of (seed, startAt, speed, token time). The dead are forgotten. */
export function createTokenWorld(options: TokenWorldOptions): TokenWorld {
  const { startAt, enterAt, speed, tokensPerMinute } = options;
  const seed = hash32(options.seed, 'tokens', startAt);
  const perMinute = Math.min(tokensPerMinute, MAX_CREATES_PER_WALL_MINUTE / speed);
  const gapMs = MINUTE_MS / perMinute;
  /** Births are irregular inside their slots; quiet gaps and bursts both happen. */
  const birthOf = (index: number) => startAt + (index + hash32(seed, 'birth', index) / 4_294_967_296) * gapMs;

  let nextIndex = Math.max(0, Math.floor((enterAt - startAt) / gapMs));
  while (birthOf(nextIndex) < enterAt) nextIndex += 1;
  let nextBirthAt = birthOf(nextIndex);
  const alive = new Set<TokenLife>();

  function earliest(): TokenLife | undefined {
    let first: TokenLife | undefined;
    for (const token of alive) if (!first || token.nextAt() < first.nextAt()) first = token;
    return first;
  }

  return {
    advance(now) {
      const events: TokenEvent[] = [];
      for (;;) {
        const token = earliest();
        const at = token?.nextAt() ?? Infinity;
        if (Math.min(at, nextBirthAt) > now) return events;
        if (nextBirthAt <= at) {
          alive.add(createTokenLife({ seed, index: nextIndex, bornAt: nextBirthAt, speed }));
          nextIndex += 1;
          nextBirthAt = birthOf(nextIndex);
          continue;
        }
        const event = token?.step();
        if (event) events.push(event);
        if (token && token.nextAt() === Infinity) alive.delete(token);
      }
    },
    nextDue: () => Math.min(earliest()?.nextAt() ?? Infinity, nextBirthAt),
    get liveTokens() {
      return alive.size;
    },
  };
}
