export * from './bus.ts';
export * from './follower.ts';
