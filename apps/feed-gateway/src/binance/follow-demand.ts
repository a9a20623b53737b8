import type { InstrumentsRepository, StreamDemandRepository } from '@onefeed/db/market';
import type { BinanceRestClient, Clock } from '@onefeed/venues';
import { repeat } from '../repeat.ts';
import type { createDemand, FollowedStream } from './demand.ts';

const DEMAND_EVERY_MS = 2_000;
const RULES_EVERY_MS = 3_600_000;
const RULES_RETRY_MS = 2_000;
const PRUNE_EVERY_MS = 60_000;

export interface FollowDemandDeps {
  rest: BinanceRestClient;
  instruments: Pick<InstrumentsRepository, 'upsert'>;
  leases: Pick<StreamDemandRepository, 'activeDemand' | 'pruneExpired'>;
  demand: ReturnType<typeof createDemand>;
  clock: Clock;
  signal: AbortSignal;
  /** The streams to follow, and how many wishes name an instrument the venue does not have. */
  follow(streams: FollowedStream[], unknown: number): void;
  /** Holders' wishes in all, and the distinct streams they are for. */
  onLeases(wishes: number, streams: number): void;
  onError(what: string): (error: unknown) => void;
}

/** Keeps the venue's rules and the set of followed streams current. Nothing is followed before the rules are known. */
export function followDemand(deps: FollowDemandDeps) {
  const { clock, signal } = deps;
  let known: ReadonlySet<string> | null = null;
  let rulesDue = 0;

  async function readRules(): Promise<void> {
    if (signal.aborted || clock.now() < rulesDue) return;
    const answer = await deps.rest.exchangeInfo(signal);
    await deps.instruments.upsert('binance', answer.instruments);
    known = new Set(answer.instruments.map((one) => one.instrument));
    rulesDue = clock.now() + RULES_EVERY_MS;
    leases.now();
  }

  async function readLeases(): Promise<void> {
    if (known === null || signal.aborted) return;
    const wishes = await deps.leases.activeDemand();
    const ofVenue = wishes.filter(({ venue }) => venue === 'binance');
    deps.onLeases(
      ofVenue.reduce((sum, { holders }) => sum + holders, 0),
      ofVenue.length,
    );
    const { streams, unknown } = deps.demand.update(wishes, known, clock.now());
    if (!signal.aborted) deps.follow(streams, unknown);
  }

  const leases = repeat(clock, DEMAND_EVERY_MS, readLeases, deps.onError('reading the demand'));
  const rules = repeat(clock, RULES_RETRY_MS, readRules, deps.onError('reading the rules of Binance'));
  const prune = async () => {
    await deps.leases.pruneExpired();
  };
  const pruning = repeat(clock, PRUNE_EVERY_MS, prune, deps.onError('deleting expired demand'));

  return {
    /** Reads the demand now. */
    now: leases.now,
    rulesKnown: () => known !== null,
    async stop(): Promise<void> {
      await Promise.all([leases.stop(), rules.stop(), pruning.stop()]);
    },
  };
}
