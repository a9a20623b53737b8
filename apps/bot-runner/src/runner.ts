import type { Bus, Subscription } from '@onefeed/bus';
import type { ControlMessage, KillSwitch, MarketMessage, SignalMessage } from '@onefeed/contracts';
import type { BotEventsRepository, StreamDemandRepository } from '@onefeed/db';
import { KILL_SWITCH_OFF } from '@onefeed/domain';
import type { Service, ShardLocks, ShardTerm } from '@onefeed/service-kit';
import type { Logger } from 'pino';
import type { ExchangeBook } from './market/exchange-book.ts';
import type { FeedHealthBook } from './market/feed-health-book.ts';
import { createPriceDemand } from './market/price-demand.ts';
import type { VenueClocks } from './market/venue-clocks.ts';
import type { RunnerMetrics } from './metrics.ts';
import { createShard, type Shard, type ShardDeps } from './shard/shard.ts';

export interface RunnerDeps {
  bus: Bus;
  clocks: VenueClocks;
  exchange: ExchangeBook;
  health: FeedHealthBook;
  /** Competes for shards and tells of each one gained and lost. */
  createLocks(handlers: {
    onAcquired(term: ShardTerm): void;
    onLost(shard: number): Promise<void>;
    onError(error: unknown): void;
  }): ShardLocks;
  readKillSwitch(): Promise<KillSwitch>;
  shard: Omit<
    ShardDeps,
    'killSwitch' | 'clocks' | 'exchange' | 'health' | 'bus' | 'metrics' | 'logger' | 'now' | 'onOrders'
  >;
  /** How many shards there are to compete for. */
  shardCount: number;
  /** True when there are bots in shards past these. */
  hasStrayBots(): Promise<boolean>;
  botEvents: Pick<BotEventsRepository, 'prune'>;
  demand: Pick<StreamDemandRepository, 'renewDemand'>;
  /** Names this process among all. */
  instance: string;
  metrics: RunnerMetrics;
  logger: Logger;
  now: () => number;
}

/** Between tries to read the kill switch before anything may be traded. */
const FIRST_READ_MS = 500;
const CHECKPOINT_MS = 2_000;
const LEDGER_MS = 60_000;
/** The log of bot events is kept this long and at most this many a shard, and pruned in small pieces. */
const EVENTS_KEPT_MS = 7 * 86_400_000;
const EVENTS_KEPT = 1_000_000;
const PRUNE_ROWS = 2_000;
const MAX_PRUNES = 100;

/** Gives every shard this process owns the news of market, signals and owners. */
export function createRunner(deps: RunnerDeps): Service {
  const { bus, clocks, exchange, metrics, logger } = deps;
  const shards = new Map<number, Shard>();
  const subscriptions: Subscription[] = [];
  const timers: NodeJS.Timeout[] = [];
  let killSwitch: KillSwitch = KILL_SWITCH_OFF;
  let killSwitchTrouble: string | null = 'the kill switch was not read yet';
  let healthKnown = false;
  let strayBots = false;
  let upkeeping = false;
  let ordersTotal = 0;
  const onOrders = (count: number) => {
    ordersTotal += count;
  };
  let stopping: Promise<void> | undefined;

  const locks = deps.createLocks({
    onAcquired(term) {
      const shard = createShard(term, { ...deps.shard, ...deps, killSwitch: () => killSwitch, onOrders });
      shards.set(term.shard, shard);
      logger.info({ shard: term.shard, epoch: term.epoch }, 'shard taken over');
      shard.signals.wake();
      shard.tokens.wake();
      shard.poll();
      gauge();
    },
    async onLost(id) {
      const shard = shards.get(id);
      shards.delete(id);
      await shard?.stop();
      gauge();
      logger.info({ shard: id }, 'shard given up');
    },
    onError: (error) => logger.warn({ err: error }, 'the shard locks were lost; trying again'),
  });

  const priceDemand = createPriceDemand({
    demand: deps.demand,
    holder: deps.instance,
    onGrown: () => bus.publish('control', 'control.bot-runner', { type: 'demandChanged' }),
  });

  const each = (act: (shard: Shard) => void) => {
    for (const shard of shards.values()) act(shard);
  };

  async function refreshKillSwitch(): Promise<void> {
    try {
      killSwitch = await deps.readKillSwitch();
      killSwitchTrouble = null;
    } catch (error) {
      // The last known setting goes on holding.
      killSwitchTrouble = 'the kill switch cannot be read from the database';
      logger.debug({ err: error }, killSwitchTrouble);
    }
  }

  async function refreshHealth(): Promise<void> {
    try {
      await deps.health.refresh();
      healthKnown = true;
    } catch (error) {
      // What is known goes on holding; the slow poll asks again.
      logger.debug({ err: error }, 'the health of the feeds cannot be read from the database');
    }
  }

  function onMarket(stream: string, body: MarketMessage | null, contiguous: boolean): void {
    if (body?.type === 'prices') {
      clocks.hear(body.venue, body.at);
      const names: string[] = [];
      if (body.venue === 'binance') {
        for (const { instrument, price, at } of body.prices) {
          exchange.observe(instrument, price, at, true);
          names.push(instrument);
        }
      }
      each((shard) => shard.prices(body.venue, names));
    } else if (stream.startsWith('health.')) {
      if (body?.type === 'feedHealth') deps.health.hear(body);
      if (body === null || !contiguous) void refreshHealth();
    } else if (stream === 'tokens.pumpfun') {
      if (body?.type === 'tokenEvents') each((shard) => shard.tokens.offer(body.events, contiguous));
      else each((shard) => shard.tokens.wake());
    }
  }

  function onControl(body: ControlMessage | null): void {
    if (body?.type === 'botChanged') shards.get(body.shard)?.botChanged(body.botId);
    else if (body?.type === 'botCommand') shards.get(body.shard)?.poll();
    else if (body?.type === 'settingsChanged') void refreshKillSwitch();
    else if (body === null) each((shard) => shard.poll());
  }

  function gauge(): { running: number; positions: number } {
    const total = { running: 0, stopped: 0, positions: 0 };
    each((shard) => {
      const counts = shard.counts();
      total.running += counts.running;
      total.stopped += counts.stopped;
      total.positions += counts.positions;
    });
    metrics.bots.set({ state: 'running' }, total.running);
    metrics.bots.set({ state: 'stopped' }, total.stopped);
    metrics.openPositions.set(total.positions);
    metrics.shards.set(shards.size);
    return total;
  }

  async function renewDemand(): Promise<void> {
    const held = new Set<string>();
    each((shard) => {
      for (const instrument of shard.held()) held.add(instrument);
    });
    try {
      await priceDemand.renew(held);
    } catch (error) {
      logger.debug({ err: error }, 'the prices of held instruments could not be asked for; trying again');
    }
  }

  async function upkeep(): Promise<void> {
    if (upkeeping) return;
    upkeeping = true;
    try {
      strayBots = await deps.hasStrayBots();
      await keepShards();
    } catch (error) {
      logger.warn({ err: error }, 'the upkeep failed; it is tried again later');
    } finally {
      upkeeping = false;
    }
  }

  async function keepShards(): Promise<void> {
    let mismatches = 0;
    for (const shard of [...shards.values()]) {
      mismatches += await shard.checkLedger();
      await prune(shard.id);
    }
    metrics.ledgerMismatches.set(mismatches);
  }

  async function prune(shard: number): Promise<void> {
    const oldest = deps.now() - EVENTS_KEPT_MS;
    for (let round = 0; round < MAX_PRUNES; round += 1) {
      if ((await deps.botEvents.prune(shard, oldest, EVENTS_KEPT, PRUNE_ROWS)) < PRUNE_ROWS) return;
    }
  }

  /** Nothing is traded before the kill switch and the health of the feeds were read once. */
  async function compete(): Promise<void> {
    await Promise.all([refreshKillSwitch(), refreshHealth()]);
    if (stopping !== undefined) return;
    if (killSwitchTrouble === null && healthKnown) {
      void upkeep();
      await locks.start();
    } else timers.push(setTimeout(compete, FIRST_READ_MS));
  }

  function every(periodMs: number, act: () => unknown): void {
    timers.push(setInterval(act, periodMs));
  }

  return {
    async start() {
      subscriptions.push(
        bus.subscribe('market', {
          onEnvelope: ({ stream, body }, contiguous) =>
            onMarket(stream, body as MarketMessage | null, contiguous),
          onCatchUp() {
            void refreshHealth();
            each((shard) => shard.tokens.wake());
          },
        }),
        bus.subscribe('signals', {
          onEnvelope({ body, at }, contiguous) {
            const message = body as SignalMessage | null;
            if (message === null) return each((shard) => shard.signals.wake());
            const received = message.signals.map((signal) => ({ ...signal, storedAt: at }));
            each((shard) => shard.signals.offer(received, contiguous));
          },
          onCatchUp: () => each((shard) => shard.signals.wake()),
        }),
        bus.subscribe('control', {
          onEnvelope: ({ body }) => onControl(body as ControlMessage | null),
          onCatchUp() {
            void refreshKillSwitch();
            each((shard) => shard.poll());
          },
        }),
      );
      every(CHECKPOINT_MS, () => {
        each((shard) => shard.checkpoint());
        void renewDemand();
        gauge();
      });
      every(LEDGER_MS, upkeep);
      void bus.start();
      void compete();
    },
    stop() {
      stopping ??= (async () => {
        for (const subscription of subscriptions) subscription.unsubscribe();
        for (const timer of timers) clearInterval(timer);
        // Gives every shard back after its running batch.
        await locks.stop();
        await bus.stop();
      })();
      return stopping;
    },
    readiness() {
      const reasons: string[] = [];
      const { reason } = bus.health();
      if (reason !== null) reasons.push(reason);
      if (killSwitchTrouble !== null) reasons.push(killSwitchTrouble);
      if (!healthKnown) reasons.push('the health of the feeds was not read yet');
      if (strayBots)
        reasons.push(`there are bots in shards past the last of ${deps.shardCount}: nobody runs them`);
      each((shard) => {
        const trouble = shard.trouble();
        if (trouble !== null) reasons.push(`shard ${shard.id}: ${trouble}`);
      });
      return reasons;
    },
    figures() {
      const { running, positions } = gauge();
      return { activeBots: running, openPositions: positions, ordersTotal, shards: shards.size };
    },
  };
}
