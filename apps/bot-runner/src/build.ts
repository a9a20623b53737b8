import { createPostgresBus } from '@onefeed/bus';
import { BOT_SHARDS } from '@onefeed/contracts';
import {
  createBotCommandsRepository,
  createBotEventsRepository,
  createBotShardsRepository,
  createBotsRepository,
  createCandlesRepository,
  createDatabase,
  createFeedHealthRepository,
  createInstrumentsRepository,
  createKillSwitchRepository,
  createLedgerRepository,
  createPool,
  createPositionsRepository,
  createShardJournal,
  createSignalInbox,
  createStreamDemandRepository,
  createTokenEventsRepository,
  createTokenMarketsRepository,
  createTradesRepository,
} from '@onefeed/db';
import { createPaperExecution, EXCHANGE_COSTS } from '@onefeed/domain';
import { createServiceGroup, createShardLocks, type Kit, type Service } from '@onefeed/service-kit';
import type { RunnerConfig } from './config.ts';
import { createExchangeBook } from './market/exchange-book.ts';
import { createFeedHealthBook } from './market/feed-health-book.ts';
import { createVenueClocks } from './market/venue-clocks.ts';
import { createRunnerMetrics } from './metrics.ts';
import { createRunner } from './runner.ts';

/** Wires the process. Nothing runs before `start`. */
export function buildRunner(config: RunnerConfig, kit: Kit, shardCount = BOT_SHARDS): Service {
  const { logger, now } = kit;
  const databaseUrl = config.DATABASE_URL;
  const pool = createPool({ url: databaseUrl, maxConnections: 8, applicationName: kit.instance });
  const monotonicNow = () => performance.now();
  const exchange = createExchangeBook({ instruments: createInstrumentsRepository(pool), monotonicNow });
  const killSwitch = createKillSwitchRepository(createDatabase(pool));
  const bots = createBotsRepository(pool);
  const runner = createRunner({
    bus: createPostgresBus({
      databaseUrl,
      instance: kit.instance,
      channels: ['market', 'signals', 'control'],
      log: logger,
      metrics: kit.metrics,
      now,
    }),
    clocks: createVenueClocks(monotonicNow),
    exchange,
    health: createFeedHealthBook({ health: createFeedHealthRepository(pool) }),
    createLocks: (handlers) =>
      createShardLocks({ databaseUrl, shards: shardCount, holder: kit.instance, ...handlers }),
    readKillSwitch: () => killSwitch.get(),
    shard: {
      shards: createBotShardsRepository(pool),
      bots,
      positions: createPositionsRepository(pool),
      trades: createTradesRepository(pool),
      candles: createCandlesRepository(pool),
      tokenMarkets: createTokenMarketsRepository(pool),
      tokenEvents: createTokenEventsRepository(pool),
      commands: createBotCommandsRepository(pool),
      journal: createShardJournal(pool),
      ledger: createLedgerRepository(pool),
      signalInbox: createSignalInbox(pool),
      execute: createPaperExecution({ ...EXCHANGE_COSTS, slippageBps: BigInt(config.PAPER_SLIPPAGE_BPS) }),
      maxSignalAgeMs: config.ENTRY_MAX_AGE_SECONDS * 1000,
    },
    shardCount,
    hasStrayBots: () => bots.anyPast(shardCount),
    botEvents: createBotEventsRepository(pool),
    demand: createStreamDemandRepository(pool),
    instance: kit.instance,
    metrics: createRunnerMetrics(kit.metrics),
    logger,
    now,
  });
  return createServiceGroup([{ start: async () => {}, stop: () => pool.end() }, runner]);
}
