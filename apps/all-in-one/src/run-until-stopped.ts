import type { EventEmitter } from 'node:events';
import type { Platform } from './platform.ts';

const STOP_EVENTS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'];

/**
 * Starts the platform and runs it until a signal comes or the program that started this one is gone (its channel
 * closes); then stops it. Answers the exit code: 0 after a stop that was asked for. Rejects when it cannot start,
 * having stopped what had started.
 */
export async function runUntilStopped(platform: Platform, signals: EventEmitter): Promise<number> {
  const asked = new Promise<void>((resolve) => {
    // More of them change nothing: the stop is bounded anyway, and a terminal's Ctrl-C may arrive twice.
    for (const event of STOP_EVENTS) signals.on(event, () => resolve());
  });
  try {
    await Promise.race([platform.start(), asked]);
    await asked;
  } finally {
    await platform.stop();
  }
  return 0;
}
