import { type Bus, createFollower, type Follower, followStream, type Subscription } from '@onefeed/bus';
import type { StoredCandle, Timeframe, TokenEvent } from '@onefeed/contracts';
import type {
  CandlesRepository,
  EngineCursorsRepository,
  Fence,
  RulesRepository,
  SignalsRepository,
  StreamDemandRepository,
  TokenEventsRepository,
  TokensRepository,
} from '@onefeed/db';
import { closeTimeOf } from '@onefeed/domain';
import type { Kit, Term } from '@onefeed/service-kit';
import { createCandleStage, historyCandlesOf } from './candle-stage.ts';
import { candlesOf, marketTimeOf, tokenEventsOf } from './market-rows.ts';
import { createMarketTime } from './market-time.ts';
import type { EngineMetrics } from './metrics.ts';
import { createRepeat } from './repeat.ts';
import { createRuleSet } from './rule-set.ts';
import { createScoreWriter } from './score-writer.ts';
import { createSerial } from './serial.ts';
import { createSignalSink } from './signal-sink.ts';
import { createTokenStage } from './token-stage.ts';

export const ENGINE_ROLE = 'engine';
export const CANDLES_STREAM = 'candles.binance';
export const TOKENS_STREAM = 'tokens.pumpfun';
const PRICES_STREAM = 'prices.binance';

const RULES_POLL_MS = 10_000;
const SCORES_EVERY_MS = 1_000;
const CURSORS_EVERY_MS = 1_000;
const DEMAND_EVERY_MS = 15_000;
/** Long enough to survive a takeover, so that streams do not close and open again. */
const DEMAND_TTL_SECONDS = 60;

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

export interface TermFigures {
  rules: number;
  nodes: number;
  nodeEvaluations: number;
  tokensTracked: number;
  tokensScored: number;
  /** Stored since ever: ids have no gaps. */
  signalsTotal: number;
  candlesCursor: number;
  tokensCursor: number;
  /** By the venue's clock; null before a candle came. */
  lastCandleLagMs: number | null;
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
  const { kit, bus, metrics } = deps;
  let figures: (() => TermFigures) | null = null;

  async function run(term: Term): Promise<void> {
    const fence: Fence = { role: ENGINE_ROLE, epoch: term.epoch };
    const ended = Promise.withResolvers<void>();
    const stopped = new Promise<void>((resolve) => {
      if (term.signal.aborted) resolve();
      term.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    const fail = (error: unknown) => ended.reject(error);
    // A failure may come while the state is still being rebuilt.
    ended.promise.catch(() => {});
    const releasers: (() => Promise<void> | void)[] = [];

    try {
      const marketTime = createMarketTime();
      const serial = createSerial();
      const candlesCursor = await deps.engineCursors.readOrCreate(fence, CANDLES_STREAM, () =>
        deps.candles.newestSeq('binance'),
      );
      const tokensCursor = await deps.engineCursors.readOrCreate(
        fence,
        TOKENS_STREAM,
        deps.tokenEvents.newestSeq,
      );
      const newest = await deps.engineCursors.newestOpenTimes('binance', candlesCursor);
      let newestCloseTime =
        newest.length === 0
          ? undefined
          : Math.max(
              ...newest.map(({ timeframe, openTime }) =>
                closeTimeOf({ timeframe: timeframe as Timeframe, openTime }),
              ),
            );
      const scores = createScoreWriter({ tokens: deps.tokens });
      const tokenStage = createTokenStage({
        engineCursors: deps.engineCursors,
        cursor: tokensCursor,
        onScore: scores.note,
      });
      const candleStage = createCandleStage({
        venue: 'binance',
        candles: deps.candles,
        marketTime,
        cursor: candlesCursor,
        newestCloseTime,
        onRebuild: () => metrics.rebuilds.inc(),
      });
      const ruleSet = createRuleSet((rule, errors) => {
        metrics.rulesRefused.inc();
        kit.logger.warn({ ruleKey: rule.ruleKey, venue: rule.venue, errors }, 'stored strategy left out');
      });

      const sink = createSignalSink({
        bus,
        metrics,
        signals: deps.signals,
        fence,
        ended: term.signal,
        newestId: await deps.signals.count(),
      });

      async function syncRules(liveFrom?: number): Promise<boolean> {
        const { added, removed } = ruleSet.update(await deps.rules.active());
        for (const { ruleKey, instrument } of removed) {
          if (instrument === null) tokenStage.rules.removeRule(ruleKey);
          else candleStage.remove({ ruleKey, instrument });
        }
        for (const { ruleKey, instrument, strategy } of added) {
          if (term.signal.aborted) return false;
          if (instrument === null) tokenStage.rules.addRule({ ruleKey, strategy });
          else await candleStage.add({ ruleKey, strategy, instrument }, liveFrom);
        }
        return added.length + removed.length > 0;
      }

      async function renewDemand(): Promise<void> {
        const streams = candleStage.requiredSeries().map(({ warmupCandles, ...stream }) => ({
          ...stream,
          historyCandles: historyCandlesOf(warmupCandles),
        }));
        await deps.demand.renewDemand(kit.instance, streams, DEMAND_TTL_SECONDS);
      }

      async function changeDemand(): Promise<void> {
        await renewDemand();
        bus.publish('control', 'control.analysis-engine', { type: 'demandChanged' });
      }

      await serial(() => syncRules());
      await tokenStage.rebuild();
      await changeDemand();
      const prices = followPrices(marketTime.advance);
      releasers.push(() => prices.unsubscribe());

      const candles = follow<StoredCandle>({
        stream: CANDLES_STREAM,
        start: candlesCursor,
        readAfter: (cursor, limit) => deps.candles.readAfterSeq('binance', cursor, limit),
        rowsOf: candlesOf,
        apply: (rows) =>
          serial(async () => {
            const drafts = await candleStage.take(rows);
            metrics.candles.inc(rows.length);
            for (const row of rows) newestCloseTime = Math.max(newestCloseTime ?? 0, closeTimeOf(row));
            await sink.store(CANDLES_STREAM, rows.at(-1)?.seq ?? candlesCursor, drafts);
          }),
        fail,
      });
      releasers.push(candles.stop);
      const tokenEvents = follow<TokenEvent>({
        stream: TOKENS_STREAM,
        start: tokensCursor,
        readAfter: deps.tokenEvents.readAfterSeq,
        rowsOf: tokenEventsOf,
        async apply(rows) {
          const drafts = tokenStage.take(rows);
          metrics.tokenEvents.inc(rows.length);
          await sink.store(TOKENS_STREAM, rows.at(-1)?.seq ?? tokensCursor, drafts);
        },
        fail,
      });
      releasers.push(tokenEvents.stop);

      const guarded = (work: () => Promise<void>) => () => work().catch(fail);
      const rulesRepeat = createRepeat(
        RULES_POLL_MS,
        guarded(async () => {
          const changed = await serial(() => syncRules(marketTime.of('binance')));
          if (changed) await changeDemand();
        }),
      );
      releasers.push(rulesRepeat.stop);
      const demandRepeat = createRepeat(DEMAND_EVERY_MS, guarded(renewDemand));
      releasers.push(demandRepeat.stop);
      const cursorsRepeat = createRepeat(CURSORS_EVERY_MS, guarded(sink.flush));
      releasers.push(cursorsRepeat.stop);
      // Scores are for display: a failed write is tried again with the next ones.
      const scoresRepeat = createRepeat(SCORES_EVERY_MS, () =>
        scores.flush().catch((error: unknown) => kit.logger.warn({ err: error }, 'scores not stored')),
      );
      releasers.push(scoresRepeat.stop);
      const control = bus.subscribe('control', {
        onEnvelope: (envelope) => {
          const type = (envelope.body as { type?: unknown } | null)?.type;
          if (type === 'botChanged' || envelope.body === null) rulesRepeat.request();
        },
        onCatchUp: () => rulesRepeat.request(),
      });
      releasers.push(() => control.unsubscribe());

      figures = () => {
        const graph = candleStage.stats();
        const tokens = tokenStage.stats();
        const time = marketTime.of('binance');
        return {
          rules: graph.rules + tokens.rules,
          nodes: graph.nodes + tokens.nodes,
          nodeEvaluations: graph.evaluations + tokens.evaluations,
          tokensTracked: tokens.tokensTracked,
          tokensScored: tokens.tokensScored,
          signalsTotal: sink.newestId(),
          candlesCursor: Number(candles.follower.cursor()),
          tokensCursor: Number(tokenEvents.follower.cursor()),
          lastCandleLagMs:
            newestCloseTime === undefined || time === undefined ? null : Math.max(0, time - newestCloseTime),
        };
      };
      deps.onAnalysing();
      kit.logger.info({ epoch: term.epoch, ...figures() }, 'analysing');
      await Promise.race([stopped, ended.promise]);
    } finally {
      figures = null;
      for (const release of releasers.reverse()) await release();
    }
  }

  function followPrices(advance: (venue: 'binance', at: number) => void): Subscription {
    return bus.subscribe('market', {
      onEnvelope(envelope) {
        if (envelope.stream !== PRICES_STREAM) return;
        const at = marketTimeOf(envelope.body, 'binance');
        if (at !== null) advance('binance', at);
      },
      onCatchUp: () => {},
    });
  }

  function follow<Row extends { seq: number }>(stream: {
    stream: string;
    start: number;
    readAfter(cursor: bigint, limit: number): Promise<Row[]>;
    rowsOf(body: unknown): Row[] | null;
    apply(rows: Row[]): Promise<void>;
    fail(error: unknown): void;
  }): { follower: Follower<Row>; stop(): Promise<void> } {
    const follower = createFollower<Row>({
      name: stream.stream,
      start: BigInt(stream.start),
      cursorOf: (row) => BigInt(row.seq),
      readAfter: stream.readAfter,
      async apply(rows) {
        const endTimer = metrics.batchSeconds.startTimer({ stream: stream.stream });
        await stream.apply(rows);
        endTimer();
      },
      onError: stream.fail,
    });
    const subscription = followStream(
      bus,
      { channel: 'market', stream: stream.stream, rowsOf: stream.rowsOf },
      follower,
    );
    follower.wake();
    return {
      follower,
      stop() {
        subscription.unsubscribe();
        return follower.stop();
      },
    };
  }

  return { run, figures: () => figures?.() ?? null };
}
