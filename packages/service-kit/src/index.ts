export * from './config.ts';
export * from './leadership.ts';
export * from './service.ts';
