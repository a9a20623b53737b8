/**
 * The part that market data needs, in plain SQL: loading the query builder costs a process more than 100 MB, and
 * the processes of the market never build a query.
 */
export * from './pool.ts';
export * from './repositories/candle-holes.ts';
export * from './repositories/candle-retention.ts';
export * from './repositories/candles.ts';
export * from './repositories/engine-cursors.ts';
export * from './repositories/feed-health.ts';
export * from './repositories/fence.ts';
export * from './repositories/instruments.ts';
export * from './repositories/rules.ts';
export * from './repositories/signals.ts';
export * from './repositories/stream-demand.ts';
export * from './repositories/token-events.ts';
export * from './repositories/token-markets.ts';
export * from './repositories/tokens.ts';
