import type { Bus, Follower } from '@onefeed/bus';
import type { StoredCandle, TokenEvent } from '@onefeed/contracts';
import type {
  CandlesRepository,
  EngineCursorsRepository,
  Fence,
  RulesRepository,
  SignalsRepository,
  StreamDemandRepository,
  TokenEventsRepository,
  TokensRepository,
} from '@onefeed/db/market';
import { closeTimeOf } from '@onefeed/domain';
import type { Kit, Term } from '@onefeed/service-kit';
import { createActiveRules } from './active-rules.ts';
import { createCandleStage, historyCandlesOf } from './candle-stage.ts';
import { candlesOf, marketTimeOf, tokenEventsOf } from './market-rows.ts';
import { followMarketStream } from './market-stream.ts';
import { createMarketTime } from './market-time.ts';
import type { EngineMetrics } from './metrics.ts';
import { createRepeat } from './repeat.ts';
import { createScoreWriter } from './score-writer.ts';
import { createSerial } from './serial.ts';
import { createSignalSink } from './signal-sink.ts';
import { CANDLES_STREAM, readStartPosition, type StartPosition, TOKENS_STREAM } from './start-position.ts';
import { createStreamLeases, RENEW_EVERY_MS } from './stream-leases.ts';
import type { TermFigures } from './term-figures.ts';
import { createTermScope, type TermScope } from './term-scope.ts';
import { createTokenStage } from './token-stage.ts';

export const ENGINE_ROLE = 'engine';
const PRICES_STREAM = 'prices.binance';

const RULES_POLL_MS = 10_000;
const SCORES_EVERY_MS = 1_000;
const CURSORS_EVERY_MS = 1_000;

export interface EngineTermDeps {
  kit: Kit;
  bus: Bus;
  metrics: EngineMetrics;
  candles: Pick<CandlesRepository, 'latest' | 'readAfterSeq' | 'newestSeq'>;
  tokenEvents: Pick<TokenEventsRepository, 'readAfterSeq' | 'newestSeq'>;
  tokens: Pick<TokensRepository, 'setScores'>;
  signals: Pick<SignalsRepository, 'store' | 'count'>;
  rules: Pick<RulesRepository, 'active'>;
  demand: Pick<StreamDemandRepository, 'renewDemand'>;
  engineCursors: EngineCursorsRepository;
  /** Told each time a term has rebuilt its state and works. */
  onAnalysing(): void;
}

export interface EngineTerm {
  /** Leads until the term's signal aborts; rejects on the first failure, and the next term starts afresh. */
  run(term: Term): Promise<void>;
  /** Null while no term runs or its state is not rebuilt yet. */
  figures(): TermFigures | null;
}

/**
 * One term of leading: rebuild what the cursors say was done, without signals; then follow the streams and
 * give signals. There is no repair of a half-done batch: any failure ends the term, its state is thrown away,
 * and the next one starts from the cursors, so nothing is lost and nothing doubled (I3).
 */
export function createEngineTerm(deps: EngineTermDeps): EngineTerm {
  let figures: (() => TermFigures) | null = null;
  return {
    async run(term) {
      const fence: Fence = { role: ENGINE_ROLE, epoch: term.epoch };
      const scope = createTermScope(term);
      try {
        const parts = await createParts(deps, scope, fence);
        await rebuild(parts);
        followPrices(deps.bus, scope, parts);
        const followers = followStreams(deps, scope, parts);
        startRepeats(deps, scope, parts);
        figures = () => figuresOf(parts, followers);
        deps.onAnalysing();
        deps.kit.logger.info({ epoch: term.epoch, ...figures() }, 'analysing');
        await scope.ended;
      } catch (error) {
        scope.fail(error);
      }
      figures = null;
      await scope.close();
    },
    figures: () => figures?.() ?? null,
  };
}

/** What a term is made of. */
type Parts = Awaited<ReturnType<typeof createParts>>;

async function createParts(deps: EngineTermDeps, scope: TermScope, fence: Fence) {
  const { kit, bus, metrics } = deps;
  const start: StartPosition = await readStartPosition(deps, fence);
  const marketTime = createMarketTime();
  const scores = createScoreWriter({ tokens: deps.tokens });
  const tokenStage = createTokenStage({
    engineCursors: deps.engineCursors,
    cursor: start.tokensCursor,
    onScore: scores.note,
  });
  const candleStage = createCandleStage({
    venue: 'binance',
    candles: deps.candles,
    marketTime,
    cursor: start.candlesCursor,
    newestCloseTime: start.newestCloseTime,
    onRebuild: () => metrics.rebuilds.inc(),
  });
  const ended = scope.signal;
  return {
    start,
    marketTime,
    scores,
    tokenStage,
    candleStage,
    /** Rules and candles change one state: one after the other. */
    serial: createSerial(),
    activeRules: createActiveRules({ ...deps, candleStage, tokenStage, logger: kit.logger, ended }),
    leases: createStreamLeases({
      bus,
      demand: deps.demand,
      holder: kit.instance,
      wanted: () =>
        candleStage.requiredSeries().map(({ warmupCandles, ...stream }) => ({
          ...stream,
          historyCandles: historyCandlesOf(warmupCandles),
        })),
    }),
    sink: createSignalSink({
      bus,
      metrics,
      signals: deps.signals,
      fence,
      ended,
      newestId: await deps.signals.count(),
    }),
    /** Close time of the newest candle taken, ms. */
    newest: { closeTime: start.newestCloseTime },
  };
}

/** The state as of the cursors. Rules come first: the tokens they entered are found by reading on. */
async function rebuild({ activeRules, tokenStage, leases }: Parts): Promise<void> {
  await activeRules.sync();
  await tokenStage.rebuild();
  await leases.change();
}

function followPrices(bus: Bus, scope: TermScope, { marketTime }: Parts): void {
  const prices = bus.subscribe('market', {
    onEnvelope(envelope) {
      if (envelope.stream !== PRICES_STREAM) return;
      const at = marketTimeOf(envelope.body, 'binance');
      if (at !== null) marketTime.advance('binance', at);
    },
    onCatchUp: () => {},
  });
  scope.hold(prices.unsubscribe);
}

interface Followers {
  candles: Follower<StoredCandle>;
  tokenEvents: Follower<TokenEvent>;
}

function followStreams(deps: EngineTermDeps, scope: TermScope, parts: Parts): Followers {
  const { start, serial, candleStage, tokenStage, sink, newest } = parts;
  const { bus, metrics } = deps;
  const candles = followMarketStream<StoredCandle>(
    { bus, metrics, scope },
    {
      stream: CANDLES_STREAM,
      start: start.candlesCursor,
      readAfter: (cursor, limit) => deps.candles.readAfterSeq('binance', cursor, limit),
      rowsOf: candlesOf,
      apply: (rows) =>
        serial(async () => {
          const drafts = await candleStage.take(rows);
          metrics.candles.inc(rows.length);
          for (const row of rows) newest.closeTime = Math.max(newest.closeTime ?? 0, closeTimeOf(row));
          await sink.store(CANDLES_STREAM, rows.at(-1)?.seq ?? start.candlesCursor, drafts);
        }),
    },
  );
  const tokenEvents = followMarketStream<TokenEvent>(
    { bus, metrics, scope },
    {
      stream: TOKENS_STREAM,
      start: start.tokensCursor,
      readAfter: deps.tokenEvents.readAfterSeq,
      rowsOf: tokenEventsOf,
      async apply(rows) {
        const drafts = tokenStage.take(rows);
        metrics.tokenEvents.inc(rows.length);
        await sink.store(TOKENS_STREAM, rows.at(-1)?.seq ?? start.tokensCursor, drafts);
      },
    },
  );
  return { candles, tokenEvents };
}

/** What is done again and again while the term lasts. */
function startRepeats({ bus, kit }: EngineTermDeps, scope: TermScope, parts: Parts): void {
  const { serial, activeRules, marketTime, leases, sink, scores } = parts;
  const guarded = (work: () => Promise<void>) => () => work().catch(scope.fail);
  const repeat = (everyMs: number, work: () => Promise<void>) => {
    const repeated = createRepeat(everyMs, work);
    scope.hold(repeated.stop);
    return repeated;
  };
  const rules = repeat(
    RULES_POLL_MS,
    guarded(async () => {
      const changed = await serial(() => activeRules.sync(marketTime.of('binance')));
      if (changed) await leases.change();
    }),
  );
  repeat(RENEW_EVERY_MS, guarded(leases.renew));
  repeat(CURSORS_EVERY_MS, guarded(sink.flush));
  // Scores are for display: a failed write is tried again with the next ones.
  repeat(SCORES_EVERY_MS, () =>
    scores.flush().catch((error: unknown) => kit.logger.warn({ err: error }, 'scores not stored')),
  );
  const control = bus.subscribe('control', {
    onEnvelope: (envelope) => {
      const type = (envelope.body as { type?: unknown } | null)?.type;
      if (type === 'botChanged' || envelope.body === null) rules.request();
    },
    onCatchUp: () => rules.request(),
  });
  scope.hold(control.unsubscribe);
}

function figuresOf(parts: Parts, followers: Followers): TermFigures {
  const graph = parts.candleStage.stats();
  const tokens = parts.tokenStage.stats();
  const time = parts.marketTime.of('binance');
  const { closeTime } = parts.newest;
  return {
    rules: graph.rules + tokens.rules,
    nodes: graph.nodes + tokens.nodes,
    nodeEvaluations: graph.evaluations + tokens.evaluations,
    tokensTracked: tokens.tokensTracked,
    tokensScored: tokens.tokensScored,
    signalsTotal: parts.sink.newestId(),
    candlesCursor: Number(followers.candles.cursor()),
    tokensCursor: Number(followers.tokenEvents.cursor()),
    lastCandleLagMs: closeTime === undefined || time === undefined ? null : Math.max(0, time - closeTime),
  };
}
