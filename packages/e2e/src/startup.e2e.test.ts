import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Platform, SERVICES, startPlatform, waitFor } from './platform.ts';

/** Ctrl-C, and what is left behind. */
describe('starting and stopping', () => {
  let platform: Platform;
  let processes: number[];

  beforeAll(async () => {
    platform = await startPlatform(['--speed', '20']);
    processes = await Promise.all(SERVICES.map(platform.processId));
  });
  afterAll(() => platform?.stop());

  test('prints what to open', () => {
    expect(platform.output()).toContain(`/bot`);
    expect(platform.output()).toContain(`/admin`);
  });

  test('one interrupt stops all and leaves no orphan', async () => {
    expect(await platform.stop()).toBe(0);
    await waitFor('every process to be gone', 5_000, async () => processes.every((id) => !isAlive(id)));
  });
});

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
