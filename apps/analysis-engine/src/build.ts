import { type Bus, createPostgresBus } from '@onefeed/bus';
import {
  createCandlesRepository,
  createEngineCursorsRepository,
  createPool,
  createRulesRepository,
  createSignalsRepository,
  createStreamDemandRepository,
  createTokenEventsRepository,
  createTokensRepository,
} from '@onefeed/db/market';
import { createLeadership, createServiceGroup, type Kit, type Service } from '@onefeed/service-kit';
import type { AnalysisEngineConfig } from './config.ts';
import { createEngineTerm, ENGINE_ROLE } from './engine-term.ts';
import { createEngineMetrics } from './metrics.ts';

/** Wires one engine process: it competes for the role, and while it leads it analyses. */
export function buildAnalysisEngine(config: AnalysisEngineConfig, kit: Kit): Service {
  const bus = createPostgresBus({
    databaseUrl: config.DATABASE_URL,
    instance: kit.instance,
    channels: ['market', 'control'],
    log: kit.logger,
    metrics: kit.metrics,
    now: kit.now,
  });
  return createAnalysisEngine(config.DATABASE_URL, kit, bus);
}

/** The same on a given bus. */
export function createAnalysisEngine(databaseUrl: string, kit: Kit, bus: Bus): Service {
  const pool = createPool({ url: databaseUrl, maxConnections: 6, applicationName: kit.instance });
  const metrics = createEngineMetrics(kit.metrics, () => engineTerm.figures());
  const demand = createStreamDemandRepository(pool);
  const signals = createSignalsRepository(pool);
  /** Why the last term ended before its time; null once one works again. */
  let lastError: string | null = null;
  const engineTerm = createEngineTerm({
    kit,
    bus,
    metrics,
    demand,
    signals,
    candles: createCandlesRepository(pool),
    tokenEvents: createTokenEventsRepository(pool),
    tokens: createTokensRepository(pool),
    rules: createRulesRepository(pool),
    engineCursors: createEngineCursorsRepository(pool),
    onAnalysing: () => {
      lastError = null;
    },
  });
  const leadership = createLeadership({
    databaseUrl,
    role: ENGINE_ROLE,
    holder: kit.instance,
    lead: (term) => engineTerm.run(term),
    onError(error) {
      const reason = error instanceof Error ? error.message : String(error);
      // A database that stays away is news once, not at every try.
      if (reason !== lastError)
        kit.logger.error({ err: error }, 'analysis interrupted; starting again from the cursors');
      lastError = reason;
    },
  });
  return createServiceGroup([
    { start: async () => {}, stop: () => pool.end() },
    {
      start: async () => void bus.start(),
      stop: () => bus.stop(),
      readiness: () => (bus.health().connected ? [] : [bus.health().reason ?? 'bus not connected']),
    },
    {
      start: () => leadership.start(),
      stop: async () => {
        const led = leadership.isLeader();
        await leadership.stop();
        // On leaving for good the streams are given back at once; a lost connection lets them expire.
        if (led) await demand.renewDemand(kit.instance, [], 1).catch(() => {});
      },
      readiness() {
        if (!leadership.isLeader() || engineTerm.figures() !== null) return [];
        return [lastError === null ? 'rebuilding state' : `analysis interrupted: ${lastError}`];
      },
      figures: () => {
        const now = engineTerm.figures();
        return {
          leader: now !== null,
          rules: now?.rules ?? 0,
          nodes: now?.nodes ?? 0,
          nodeEvaluations: now?.nodeEvaluations ?? 0,
          tokensTracked: now?.tokensTracked ?? 0,
          tokensScored: now?.tokensScored ?? 0,
          signalsTotal: now?.signalsTotal ?? 0,
          candlesCursor: now?.candlesCursor ?? 0,
          tokensCursor: now?.tokensCursor ?? 0,
          lastCandleLagMs: now?.lastCandleLagMs ?? -1,
        };
      },
    },
  ]);
}
