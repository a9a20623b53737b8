export * from './bus.ts';
export * from './follow-stream.ts';
export * from './follower.ts';
export * from './memory-bus.ts';
export * from './postgres-bus.ts';
