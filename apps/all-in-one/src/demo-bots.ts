import { createHash } from 'node:crypto';
import { BOT_SHARDS } from '@onefeed/contracts';
import { createDatabase, createPlatformSetupRepository, createPool, type DemoBot } from '@onefeed/db';
import { builtInStrategy, formatStrategy, parseStrategy, shardOfBot } from '@onefeed/domain';
import { DEMO_STRATEGIES, type DemoStrategy } from './demo-strategies.ts';

/**
 * `count` demo users with a running paper bot each. Ids are made from the number, so a second start finds the
 * same ones, with their money and trades.
 */
export function planDemoBots(count: number): DemoBot[] {
  const strategies = DEMO_STRATEGIES.map(withRule);
  return Array.from({ length: count }, (_, index) => {
    const number = index + 1;
    // The list is never empty.
    const strategy = strategies[index % strategies.length] as ReturnType<typeof withRule>;
    const id = uuidOf(`demo-bot-${number}`);
    const token = strategy.venue === 'pumpfun';
    return {
      id,
      userId: uuidOf(`demo-user-${number}`),
      email: `demo-${number}@demo.onefeed.local`,
      name: `Demo ${number}: ${strategy.name}`,
      venue: strategy.venue,
      instruments: strategy.instruments,
      strategyName: strategy.name,
      strategySource: strategy.source,
      ruleKey: strategy.ruleKey,
      mode: 'paper',
      stake: { type: 'fixed', amount: token ? '0.1' : '100' },
      exitPlan: strategy.exitPlan,
      risk: { maxOpenPositions: 5, cooldownSeconds: 0 },
      shard: shardOfBot(id, BOT_SHARDS),
      initialCash: token ? '10' : '10000',
    };
  });
}

/** Stores them before the services start: engine and runner then find them like any other bot. */
export async function addDemoBots(options: {
  databaseUrl: string;
  count: number;
  log(line: string): void;
}): Promise<void> {
  const pool = createPool({ url: options.databaseUrl, maxConnections: 1, applicationName: 'onefeed-start' });
  try {
    const repository = createPlatformSetupRepository(createDatabase(pool));
    await repository.addDemoBots(planDemoBots(options.count), Date.now());
    options.log(`${options.count} demo bots run`);
  } finally {
    await pool.end();
  }
}

/** Equal rules have equal keys: the first 32 hex digits of the canonical text's SHA-256. */
function withRule(demo: DemoStrategy) {
  const source = builtInStrategy(demo.name)?.source;
  const parsed = source === undefined ? undefined : parseStrategy(source);
  if (source === undefined || !parsed?.ok)
    throw new Error(`There is no built-in strategy ${demo.name} that runs.`);
  const ruleKey = createHash('sha256').update(formatStrategy(parsed.strategy)).digest('hex').slice(0, 32);
  return { ...demo, source, ruleKey };
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
