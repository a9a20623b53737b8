import type {
  BotShardsRepository,
  BotsRepository,
  CandlesRepository,
  PositionsRepository,
  TokenEventsRepository,
  TokenMarketsRepository,
  TradesRepository,
} from '@onefeed/db';
import { ShardFencedError } from '@onefeed/db';
import { readPosition } from '@onefeed/domain';
import type { ExchangeBook } from '../market/exchange-book.ts';
import { createTokenBook } from '../market/token-book.ts';
import { createPositionIndex } from './position-index.ts';
import { createRuleIndex } from './rule-index.ts';
import { createRunningBot, createSettingsPool, hold } from './running-bot.ts';
import type { ShardMemory } from './shard-memory.ts';

export interface LoadShardDeps {
  shards: Pick<BotShardsRepository, 'get'>;
  bots: Pick<BotsRepository, 'ofShard'>;
  positions: Pick<PositionsRepository, 'ofShard'>;
  trades: Pick<TradesRepository, 'factsOfShard'>;
  tokenMarkets: Pick<TokenMarketsRepository, 'getMany'>;
  tokenEvents: Pick<TokenEventsRepository, 'newestSeq'>;
  candles: Pick<CandlesRepository, 'latest'>;
  exchange: ExchangeBook;
  /** A bot that trades live was left alone, with all it holds: this program only trades on paper. */
  onLiveBot(botId: string): void;
}

const ONE_MINUTE_MS = 60_000;

/**
 * Reads a shard: its bots, and every open position with its exits armed (I6), to be looked at on the next price or
 * tick. Throws ShardFencedError when `epoch` is not the shard's any more.
 */
export async function loadShard(shard: number, epoch: number, deps: LoadShardDeps): Promise<ShardMemory> {
  // Read before the cursors: tokens then stand at or after what the cursor says, never before.
  const newestToken = await deps.tokenEvents.newestSeq();
  const cursors = await deps.shards.get(shard);
  if (cursors?.epoch !== epoch) throw new ShardFencedError(shard, epoch);
  const [bots, stored, facts] = await Promise.all([
    deps.bots.ofShard(shard),
    deps.positions.ofShard(shard),
    deps.trades.factsOfShard(shard, null),
  ]);
  const positions = createPositionIndex();
  const memory: ShardMemory = {
    shard,
    epoch,
    cursors: {
      signalCursor: cursors.signalCursor,
      tokenCursor: cursors.tokenCursor,
      eventSeq: cursors.eventSeq,
    },
    storedEventSeq: cursors.eventSeq,
    bots: new Map(),
    rules: createRuleIndex(),
    positions,
    tokens: createTokenBook({
      tokens: deps.tokenMarkets,
      isHeld: (mint) => positions.holds('pumpfun', mint),
    }),
    settingsOf: createSettingsPool(),
    unstored: new Map(),
    cursorsMoved: false,
  };
  const factsOf = new Map(facts.map((fact) => [fact.botId, fact]));
  for (const row of bots) {
    if (row.mode !== 'paper') {
      deps.onLiveBot(row.id);
      continue;
    }
    const bot = createRunningBot(row, memory.settingsOf(row), factsOf.get(row.id));
    memory.bots.set(bot.id, bot);
    memory.rules.add(bot);
  }
  for (const row of stored) {
    const bot = memory.bots.get(row.botId);
    if (bot === undefined) continue;
    const position = readPosition(row);
    hold(bot, position);
    positions.arm(bot, position, true);
  }
  const mints = positions.instruments('pumpfun');
  await memory.tokens.learn(mints);
  // With no token held there is nothing that an event before now could mean to this shard.
  if (mints.length === 0 && newestToken > memory.cursors.tokenCursor) {
    memory.cursors.tokenCursor = newestToken;
    memory.cursorsMoved = true;
  }
  await recallPrices(positions.instruments('binance'), deps);
  return memory;
}

/** The last stored closes of held instruments, for as long as the feed has not said a price. */
async function recallPrices(instruments: readonly string[], deps: LoadShardDeps): Promise<void> {
  await deps.exchange.learn(instruments);
  for (const instrument of instruments) {
    const [candle] = await deps.candles.latest({ venue: 'binance', instrument, timeframe: '1m' }, 1);
    if (candle !== undefined)
      deps.exchange.remember(instrument, candle.close, candle.openTime + ONE_MINUTE_MS);
  }
}
