import { type Bus, createPostgresBus } from '@onefeed/bus';
import {
  createCandleHolesRepository,
  createCandleRetentionRepository,
  createCandlesRepository,
  createFeedHealthRepository,
  createInstrumentsRepository,
  createPool,
  createStreamDemandRepository,
  createTokenEventsRepository,
  createTokenMarketsRepository,
  createTokensRepository,
} from '@onefeed/db/market';
import { createServiceGroup, type Figures, type Kit, type Service } from '@onefeed/service-kit';
import { type Clock, type OpenSocket, openWsSocket, systemClock } from '@onefeed/venues';
import { createBinanceFeed } from './binance/feed.ts';
import { parseRetention } from './binance/retention.ts';
import type { FeedGatewayConfig } from './config.ts';
import { createDatabaseHealth } from './database-health.ts';
import { createLeadingService } from './leading-service.ts';
import { createFeedMetrics } from './metrics.ts';
import { createPumpFeed } from './pumpfun/feed.ts';
import { createPumpMetrics } from './pumpfun/metrics.ts';
import { createSparseLog } from './sparse-log.ts';

/** What tests may replace. */
export interface FeedGatewayOverrides {
  clock?: Clock;
  openSocket?: OpenSocket;
  fetch?: typeof fetch;
  bus?: Bus;
}

/** Wires the gateway: two feeds, each led by one process, over one pool and one bus. */
export function buildFeedGateway(
  config: FeedGatewayConfig,
  kit: Kit,
  overrides: FeedGatewayOverrides = {},
): Service {
  const clock = overrides.clock ?? systemClock;
  const pool = createPool({ url: config.DATABASE_URL, maxConnections: 5, applicationName: kit.instance });
  const bus =
    overrides.bus ??
    createPostgresBus({
      databaseUrl: config.DATABASE_URL,
      instance: kit.instance,
      channels: ['control'],
      log: kit.logger,
      metrics: kit.metrics,
      now: kit.now,
    });
  const metrics = createFeedMetrics(kit.metrics, (venue) => feeds[venue].sockets());
  const database = createDatabaseHealth(pool, clock);
  const feedDeps = {
    kit,
    bus,
    metrics,
    log: createSparseLog(kit.logger, kit.now),
    clock,
    openSocket: overrides.openSocket ?? openWsSocket,
    random: Math.random,
  };
  const binance = createBinanceFeed(
    {
      wsUrl: config.BINANCE_WS_URL,
      restUrl: config.BINANCE_REST_URL,
      instruments: config.INSTRUMENTS,
      timeframes: config.TIMEFRAMES,
      historyCandles: config.HISTORY_CANDLES,
      rolloverMs: config.BINANCE_ROLLOVER_HOURS * 3_600_000,
      retention: parseRetention(config.CANDLE_RETENTION_DAYS),
    },
    {
      ...feedDeps,
      fetch: overrides.fetch ?? fetch,
      candles: createCandlesRepository(pool),
      holes: createCandleHolesRepository(pool),
      health: createFeedHealthRepository(pool),
      retention: createCandleRetentionRepository(pool),
      instruments: createInstrumentsRepository(pool),
      demand: createStreamDemandRepository(pool),
    },
  );
  const pumpfun = createPumpFeed(
    {
      source: config.PUMPFUN_SOURCE,
      pumpPortal: { url: config.PUMPPORTAL_WS_URL, apiKey: config.PUMPPORTAL_API_KEY ?? null },
      solana: { rpcUrl: config.SOLANA_RPC_URL ?? null, wsUrl: config.SOLANA_WS_URL ?? null },
    },
    {
      ...feedDeps,
      pumpMetrics: createPumpMetrics(kit.metrics),
      fetch: overrides.fetch ?? fetch,
      events: createTokenEventsRepository(pool),
      tokens: createTokensRepository(pool),
      markets: createTokenMarketsRepository(pool),
    },
  );
  const feeds = { binance, pumpfun };
  bus.subscribe('control', {
    onEnvelope(envelope) {
      const body = envelope.body as { type?: unknown } | null;
      if (body?.type === 'demandChanged') binance.demandChanged();
    },
    onCatchUp: () => binance.demandChanged(),
  });
  const lead = { databaseUrl: config.DATABASE_URL, kit, metrics };
  return createServiceGroup([
    { start: async () => {}, stop: () => pool.end() },
    database,
    {
      start: async () => void bus.start(),
      stop: () => bus.stop(),
      readiness: () => {
        const { reason } = bus.health();
        return reason === null ? [] : [`bus: ${reason}`];
      },
    },
    createLeadingService({ ...lead, venue: 'binance', feed: binance }),
    createLeadingService({ ...lead, venue: 'pumpfun', feed: pumpfun }),
    { start: async () => {}, stop: async () => {}, figures: () => summary(binance, pumpfun) },
  ]);
}

interface Feed {
  figures(): Figures;
  sockets(): number;
}

/** The figures that readers of `service_status` rely on. */
function summary(binance: Feed, pumpfun: Feed): Figures {
  const ofBinance = binance.figures();
  const ofPumpfun = pumpfun.figures();
  const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
  return {
    upstreamConnections: binance.sockets() + pumpfun.sockets(),
    upstreamConnectionsBinance: binance.sockets(),
    upstreamConnectionsPumpfun: pumpfun.sockets(),
    framesTotal: number(ofBinance.binanceFrames) + number(ofPumpfun.pumpfunFrames),
    badFramesTotal: number(ofBinance.binanceBadFrames) + number(ofPumpfun.pumpfunBadFrames),
    lastFrameAt: Math.max(number(ofBinance.binanceLastFrameAt), number(ofPumpfun.pumpfunLastFrameAt)),
  };
}
