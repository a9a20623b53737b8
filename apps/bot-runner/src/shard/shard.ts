import { type Bus, createFollower, type Follower } from '@onefeed/bus';
import type { BotMessage, TokenEvent, Venue } from '@onefeed/contracts';
import {
  type BotCommandsRepository,
  type LedgerRepository,
  OrdersExistError,
  type ReceivedSignal,
  ShardFencedError,
  type ShardJournal,
  type SignalInbox,
  type TokenEventsRepository,
} from '@onefeed/db';
import type { ShardTerm } from '@onefeed/service-kit';
import type { Logger } from 'pino';
import type { ExchangeBook } from '../market/exchange-book.ts';
import type { VenueClocks } from '../market/venue-clocks.ts';
import type { RunnerMetrics } from '../metrics.ts';
import { type BatchDraft, createBatchDraft } from './batch.ts';
import { type ConvergeDeps, changedBotIds, convergeBots } from './converge-bots.ts';
import { type LoadShardDeps, loadShard } from './load-shard.ts';
import type { ShardMemory } from './shard-memory.ts';
import { createTrader, type TraderDeps } from './trader.ts';

export interface ShardDeps
  extends Omit<LoadShardDeps, 'onLiveBot'>,
    Omit<ConvergeDeps, 'onLiveBot'>,
    Omit<TraderDeps, 'alreadyDone' | 'onRefused' | 'onInconsistent'> {
  bots: LoadShardDeps['bots'] & ConvergeDeps['bots'];
  commands: Pick<BotCommandsRepository, 'waiting'>;
  journal: ShardJournal;
  ledger: Pick<LedgerRepository, 'mismatches'>;
  signalInbox: SignalInbox;
  tokenEvents: Pick<TokenEventsRepository, 'newestSeq' | 'readAfterSeq'>;
  exchange: ExchangeBook;
  clocks: VenueClocks;
  bus: Pick<Bus, 'publishList'>;
  metrics: RunnerMetrics;
  logger: Logger;
  /** Orders that were just stored. */
  onOrders(count: number): void;
  /** Wall clock: stamps the events' log and measures latency; decides nothing. */
  now: () => number;
}

/** One shard while this process owns it. */
export interface Shard {
  readonly id: number;
  readonly signals: Follower<ReceivedSignal>;
  readonly tokens: Follower<TokenEvent>;
  /** New prices and the market clock; calls that come while a job runs are taken together. */
  prices(venue: Venue, instruments: readonly string[]): void;
  /** A bot's row changed. */
  botChanged(botId: string): void;
  /** Look at commands, at bots that should run, at the streams. */
  poll(): void;
  /** Stores what may wait: cursors and high-water marks. */
  checkpoint(): void;
  /** Bots whose money does not add up; logged one by one. */
  checkLedger(): Promise<number>;
  /** Instruments of the exchange that its bots hold. */
  held(): string[];
  counts(): { running: number; stopped: number; positions: number };
  /** Why it cannot work; null when it can. */
  trouble(): string | null;
  /** Resolves when nothing of what was asked so far is waiting or running. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** A signal's batch is stored in parts of about this many orders and events, so that none grows without bound. */
const PART_SIZE = 20_000;
const COMMANDS_A_JOB = 1_000;
const CONVERGE_A_JOB = 5_000;
/** Orders known to exist already; the oldest are forgotten (their causes lie behind the cursors by then). */
const MAX_ALREADY_DONE = 10_000;
/** How long signals wait for the first word of their venue's feed after a start. */
const FEED_PATIENCE_MS = 5_000;
/** After a failure nothing but the followers (with their own backoff) begins for this long. */
const REST_MS = 500;

type Job = (memory: ShardMemory, draft: BatchDraft) => void | Promise<void>;

export function createShard(term: ShardTerm, deps: ShardDeps): Shard {
  const { metrics, logger, now, clocks } = deps;
  const log = logger.child({ shard: term.shard, epoch: term.epoch });
  const alreadyDone = new Set<string>();
  const botDeps = {
    ...deps,
    onLiveBot: (botId: string) => log.error({ botId }, 'a live bot is not run: orders are paper here'),
  };
  const trader = createTrader({
    ...deps,
    alreadyDone,
    onRefused: (code) => metrics.refusals.inc({ code }),
    onInconsistent: (positionId) =>
      log.error({ positionId }, 'a position contradicts its orders and was set aside'),
  });
  let memory: ShardMemory | null = null;
  let tail: Promise<void> = Promise.resolve();
  let stopped = false;
  let trouble: string | null = 'not loaded yet';
  let restUntil = 0;

  const lost = () => stopped || term.signal.aborted;
  const resting = () => lost() || (memory === null && now() < restUntil);

  /** Runs jobs one after another. A failed one costs the memory: the next begins from the database. */
  function run(job: Job, store: 'urgent' | 'moved' = 'urgent'): Promise<void> {
    const done = tail.then(async () => {
      if (lost()) throw new ShardFencedError(term.shard, term.epoch);
      try {
        memory ??= await load();
        const draft = createBatchDraft(memory, now);
        await job(memory, draft);
        const moved = memory.cursorsMoved || memory.unstored.size > 0;
        if (draft.urgent() || (store === 'moved' && moved)) await commit(memory, draft);
        trouble = null;
      } catch (error) {
        failed(error);
        throw error;
      }
    });
    tail = done.catch(() => {});
    return done;
  }

  async function load(): Promise<ShardMemory> {
    metrics.reloads.inc();
    return loadShard(term.shard, term.epoch, botDeps);
  }

  async function commit(current: ShardMemory, draft: BatchDraft): Promise<void> {
    const batch = draft.finish();
    const stop = metrics.batchSeconds.startTimer();
    await deps.journal.commit(batch);
    stop();
    current.storedEventSeq = batch.after.eventSeq;
    current.unstored.clear();
    current.cursorsMoved = false;
    deps.onOrders(batch.orders.length);
    for (const { order } of batch.orders) metrics.orders.inc({ side: order.side });
    for (const { trade } of batch.trades) metrics.trades.inc({ reason: trade.exitReason });
    const wrap = (events: typeof batch.events): BotMessage => ({ type: 'botEvents', events: [...events] });
    deps.bus.publishList('bots', `bots.${term.shard}`, batch.events, wrap);
  }

  function failed(error: unknown): void {
    const loading = memory === null;
    memory = null;
    restUntil = now() + REST_MS;
    trouble = error instanceof Error ? error.message : String(error);
    // The shard has another epoch: another process owns it, and this one must not try again.
    if (error instanceof ShardFencedError && loading) stopped = true;
    if (stopped) return;
    metrics.failures.inc();
    if (error instanceof OrdersExistError) {
      for (const id of error.clientIds) alreadyDone.add(id);
      for (const id of alreadyDone) {
        if (alreadyDone.size <= MAX_ALREADY_DONE) break;
        alreadyDone.delete(id);
      }
    }
  }

  /** For jobs nobody waits for: what they missed is found by the next poll. */
  async function background(job: Job, store: 'urgent' | 'moved' = 'urgent'): Promise<void> {
    try {
      await run(job, store);
    } catch (error) {
      if (!lost()) log.warn({ err: error }, 'a batch failed; the shard is read again');
    }
  }

  /** Asks for a job that takes everything that waits: at most one runs, at most one more is asked for. */
  function coalesced(job: Job, store: 'urgent' | 'moved' = 'urgent'): () => void {
    let running = false;
    let again = false;
    return function ask() {
      if (resting()) return;
      again = running;
      if (running) return;
      running = true;
      void background(job, store).then(() => {
        running = false;
        if (again) ask();
      });
    };
  }

  async function applySignals(rows: ReceivedSignal[]): Promise<void> {
    for (const venue of new Set(rows.map((row) => row.venue)))
      await clocks.heard(venue, FEED_PATIENCE_MS, term.signal);
    let next = 0;
    while (next < rows.length) {
      const from = next;
      let ordered = false;
      await run(async (current, draft) => {
        const fresh = rows.slice(from).filter((row) => BigInt(row.id) > current.cursors.signalCursor);
        next = rows.length - fresh.length;
        await deps.exchange.learn(
          fresh.filter((row) => row.venue === 'binance').map((row) => row.instrument),
        );
        await current.tokens.learn(
          fresh.filter((row) => row.venue === 'pumpfun').map((row) => row.instrument),
        );
        for (const row of fresh) {
          if (draft.size() >= PART_SIZE) break;
          trader.signal(current, draft, row);
          next += 1;
        }
        ordered = draft.orders.length > 0;
      });
      const handled = rows.slice(from, next);
      metrics.signals.inc(handled.length);
      if (ordered)
        for (const row of handled) metrics.decisionSeconds.observe(Math.max(0, now() - row.storedAt) / 1000);
    }
  }

  const signals = createFollower<ReceivedSignal>({
    name: `signals of shard ${term.shard}`,
    // Below every id: the job passes over what the shard's own cursor says is done.
    start: -1n,
    cursorOf: (row) => BigInt(row.id),
    async readAfter(cursor, limit) {
      let from = cursor;
      if (cursor < 0n) {
        await run(() => {});
        from = memory?.cursors.signalCursor ?? cursor;
      }
      return deps.signalInbox.readAfter(from, limit);
    },
    apply: applySignals,
    onError: (error) => {
      if (!lost()) log.warn({ err: error }, 'signals could not be handled; trying again');
    },
  });

  const tokens = createFollower<TokenEvent>({
    name: `token events of shard ${term.shard}`,
    start: -1n,
    cursorOf: (row) => BigInt(row.seq),
    async readAfter(cursor, limit) {
      let from = cursor;
      if (cursor < 0n) {
        await run(() => {});
        from = BigInt(memory?.cursors.tokenCursor ?? cursor);
      }
      return deps.tokenEvents.readAfterSeq(from, limit);
    },
    apply: (rows) =>
      run((current, draft) => {
        for (const row of rows) {
          if (row.seq > current.cursors.tokenCursor) trader.tokenEvent(current, draft, row);
        }
      }),
    onError: (error) => {
      if (!lost()) log.warn({ err: error }, 'token events could not be handled; trying again');
    },
  });

  /** Instruments with news, by venue: bounded by the venue's list. */
  const ticks = new Map<Venue, Set<string>>();
  const tick = coalesced(async (current, draft) => {
    const waiting = [...ticks];
    ticks.clear();
    await deps.exchange.learn(current.positions.instruments('binance'));
    for (const [venue, instruments] of waiting) trader.tick(current, draft, venue, instruments);
  });

  /** Bots told to have changed: bounded by their number. */
  const changed = new Set<string>();
  const converge = coalesced(async (current, draft) => {
    const ids = [...changed].slice(0, CONVERGE_A_JOB);
    await convergeBots(current, draft, ids, botDeps);
    for (const id of ids) changed.delete(id);
    if (changed.size > 0) converge();
  });

  const poll = coalesced(async (current, draft) => {
    const ids = await changedBotIds(current, deps);
    await convergeBots(current, draft, ids.slice(0, CONVERGE_A_JOB), botDeps);
    await deps.exchange.learn(current.positions.instruments('binance'));
    await current.tokens.learn(current.positions.instruments('pumpfun'));
    for (const command of await deps.commands.waiting(term.shard, COMMANDS_A_JOB)) {
      trader.command(current, draft, command);
    }
    if (changed.size > 0) converge();
  });

  const checkpoint = coalesced(() => {}, 'moved');

  return {
    id: term.shard,
    signals,
    tokens,
    prices(venue, instruments) {
      const waiting = ticks.get(venue) ?? new Set();
      ticks.set(venue, waiting);
      for (const instrument of instruments) waiting.add(instrument);
      tick();
    },
    botChanged(botId) {
      changed.add(botId);
      converge();
    },
    poll,
    checkpoint,
    async checkLedger() {
      const mismatches = lost() ? [] : await deps.ledger.mismatches(term.shard, 100);
      for (const mismatch of mismatches) log.error({ ...mismatch }, 'the money of a bot does not add up');
      return mismatches.length;
    },
    held: () => memory?.positions.instruments('binance') ?? [],
    counts() {
      let running = 0;
      if (memory === null) return { running: 0, stopped: 0, positions: 0 };
      for (const bot of memory.bots.values()) if (bot.running) running += 1;
      return { running, stopped: memory.bots.size - running, positions: memory.positions.size() };
    },
    trouble: () => (stopped ? null : trouble),
    async idle() {
      for (let last: Promise<void> | undefined; last !== tail; ) {
        last = tail;
        await last;
      }
    },
    async stop() {
      stopped = true;
      await Promise.all([signals.stop(), tokens.stop()]);
      await tail;
    },
  };
}
