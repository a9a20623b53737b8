import type { TokenEventsRepository, TokensRepository } from '@onefeed/db/market';

const EVENTS_KEPT_MS = 3_600_000;
const TOKENS_KEPT_MS = 86_400_000;
const BATCH = 2_000;
const MAX_BATCHES = 50;

/** Deletes old events and dead tokens in small batches, so that no lock is held long. `now` is the wall clock, ms. */
export async function pruneTokens(
  events: Pick<TokenEventsRepository, 'prune'>,
  tokens: Pick<TokensRepository, 'prune'>,
  now: number,
  signal: AbortSignal,
): Promise<void> {
  await inBatches((limit) => events.prune(now - EVENTS_KEPT_MS, limit), signal);
  await inBatches((limit) => tokens.prune(now - TOKENS_KEPT_MS, limit), signal);
}

async function inBatches(prune: (limit: number) => Promise<number>, signal: AbortSignal): Promise<void> {
  for (let batch = 0; batch < MAX_BATCHES && !signal.aborted; batch += 1) {
    if ((await prune(BATCH)) < BATCH) return;
  }
}
