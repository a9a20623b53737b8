import {
  createAuditRepository,
  createBotEventQueries,
  createBotQueries,
  createBotSettingsRepository,
  createCandlesRepository,
  createDatabase,
  createInstrumentsRepository,
  createKillSwitchRepository,
  createOperationsQueries,
  createRefreshTokensRepository,
  createServiceStatusRepository,
  createSignalQueries,
  createStrategiesRepository,
  createStreamDemandRepository,
  createTokenEventsRepository,
  createTokensRepository,
  createUsersRepository,
  type Pool,
} from '@onefeed/db';

/** Everything the api reads and writes. */
export function createRepositories(pool: Pool) {
  const db = createDatabase(pool);
  return {
    audit: createAuditRepository(db),
    botEvents: createBotEventQueries(db),
    botQueries: createBotQueries(db),
    botSettings: createBotSettingsRepository(db),
    candles: createCandlesRepository(pool),
    instruments: createInstrumentsRepository(pool),
    killSwitch: createKillSwitchRepository(db),
    operations: createOperationsQueries(db),
    refreshTokens: createRefreshTokensRepository(db),
    serviceStatus: createServiceStatusRepository(pool),
    signals: createSignalQueries(db),
    strategies: createStrategiesRepository(db),
    streamDemand: createStreamDemandRepository(pool),
    tokenEvents: createTokenEventsRepository(pool),
    tokens: createTokensRepository(pool),
    users: createUsersRepository(db),
  };
}
export type Repositories = ReturnType<typeof createRepositories>;
