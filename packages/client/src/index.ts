export * from './api-error.ts';
export * from './channel.ts';
export * from './client.ts';
export * from './platform.ts';
export * from './socket.ts';
