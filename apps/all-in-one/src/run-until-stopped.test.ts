import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type { Platform } from './platform.ts';
import { runUntilStopped } from './run-until-stopped.ts';

function fakePlatform(start: () => Promise<void> = async () => {}) {
  const calls: string[] = [];
  const platform: Platform = {
    start() {
      calls.push('start');
      return start();
    },
    async stop() {
      calls.push('stop');
    },
  };
  return { platform, calls };
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'])('%s stops the platform, once', async (event) => {
  const { platform, calls } = fakePlatform();
  const signals = new EventEmitter();
  const done = runUntilStopped(platform, signals);
  signals.emit(event);
  signals.emit(event);
  expect(await done).toBe(0);
  expect(calls).toEqual(['start', 'stop']);
});

test('a signal during a start that never ends stops it, too', async () => {
  const { platform, calls } = fakePlatform(() => new Promise(() => {}));
  const signals = new EventEmitter();
  const done = runUntilStopped(platform, signals);
  signals.emit('SIGINT');
  expect(await done).toBe(0);
  expect(calls).toEqual(['start', 'stop']);
});

test('what had started is stopped when the start fails', async () => {
  const { platform, calls } = fakePlatform(() => Promise.reject(new Error('no database')));
  await expect(runUntilStopped(platform, new EventEmitter())).rejects.toThrow('no database');
  expect(calls).toEqual(['start', 'stop']);
});
