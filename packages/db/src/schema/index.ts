export * from './accounts.ts';
export * from './bots.ts';
export * from './market.ts';
export * from './platform.ts';
export * from './strategies.ts';
