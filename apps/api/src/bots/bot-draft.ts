import { BOT_SHARDS, type CreateBot, type StrategyKind, type Venue } from '@onefeed/contracts';
import type { NewBot, StrategiesRepository } from '@onefeed/db';
import { builtInStrategy, shardOfBot } from '@onefeed/domain';
import { ApiFailure } from '../http/api-failure.ts';
import type { InstrumentDirectory } from '../live/instrument-directory.ts';
import { compileStrategy } from '../strategies/compile-strategy.ts';
import { exitPlanProblems } from './exit-plan-problems.ts';

/** Paper money a bot starts with, in the venue's quote asset (USDT, SOL). */
export const PAPER_MONEY: Readonly<Record<Venue, string>> = { binance: '10000', pumpfun: '10' };

export interface BotDrafts {
  /** Checks what the schema cannot and makes the row. Throws ApiFailure with details. */
  draft(userId: string, request: CreateBot): Promise<NewBot>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const invalid = (path: string, message: string): ApiFailure =>
  new ApiFailure('INVALID_REQUEST', { details: [{ path, message }] });

export function createBotDrafts(deps: {
  strategies: Pick<StrategiesRepository, 'get'>;
  instruments: InstrumentDirectory;
  newId: () => string;
}): BotDrafts {
  /** The text and what the bot calls it. */
  const findStrategy = async (
    userId: string,
    request: CreateBot,
  ): Promise<{ name: string; source: string }> => {
    const { strategyId, strategy } = request;
    if ((strategyId === undefined) === (strategy === undefined)) {
      throw invalid('', 'exactly one of strategyId and strategy is needed');
    }
    if (strategy !== undefined) return { name: 'custom', source: strategy };
    const known = builtInStrategy(strategyId ?? '');
    if (known) return known;
    const own = UUID.test(strategyId ?? '') ? await deps.strategies.get(userId, strategyId ?? '') : null;
    if (!own) throw new ApiFailure('UNKNOWN_STRATEGY');
    return own;
  };

  const checkInstruments = async (
    venue: Venue,
    instruments: readonly string[],
    kind: StrategyKind,
  ): Promise<void> => {
    if (kind === 'token') {
      if (venue !== 'pumpfun') throw invalid('/venue', 'a token strategy needs venue pumpfun');
      if (instruments.length > 0)
        throw invalid('/instruments', 'must be empty: a token strategy looks at every token');
      return;
    }
    if (venue !== 'binance') throw invalid('/venue', 'a candle strategy needs venue binance');
    if (instruments.length === 0) throw invalid('/instruments', 'needs at least one instrument');
    const known = await Promise.all(instruments.map((instrument) => deps.instruments.has(venue, instrument)));
    const unknown = instruments.filter((_instrument, index) => !known[index]);
    if (unknown.length > 0) throw new ApiFailure('UNKNOWN_INSTRUMENT', { details: { instruments: unknown } });
  };

  return {
    draft: async (userId, request) => {
      if (request.mode === 'live') throw new ApiFailure('LIVE_TRADING_DISABLED');
      if (request.stake.type === 'fixed' && /^[0.]*$/.test(request.stake.amount)) {
        throw invalid('/stake/amount', 'must be above 0');
      }
      if (/^[0.]+$/.test(request.risk.dailyLossLimit ?? '')) {
        throw invalid('/risk/dailyLossLimit', 'must be above 0; leave it out for no limit');
      }
      const { name, source } = await findStrategy(userId, request);
      const compiled = compileStrategy(source);
      if (!compiled.ok) throw new ApiFailure('INVALID_STRATEGY', { details: compiled.problems });
      const instruments = [...new Set(request.instruments)];
      await checkInstruments(request.venue, instruments, compiled.strategy.kind);
      const problems = exitPlanProblems(request.exitPlan, request.venue);
      if (problems.length > 0) throw new ApiFailure('INVALID_EXIT_PLAN', { details: problems });
      const id = deps.newId();
      return {
        id,
        userId,
        name: request.name,
        venue: request.venue,
        instruments,
        strategyName: name,
        strategySource: source,
        ruleKey: compiled.strategy.ruleKey,
        mode: request.mode,
        stake: request.stake,
        exitPlan: request.exitPlan,
        risk: request.risk,
        shard: shardOfBot(id, BOT_SHARDS),
        initialCash: PAPER_MONEY[request.venue],
      };
    },
  };
}
