import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEventMonitor } from '@onefeed/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startChild } from './child-process.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'onefeed-child-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function child(script: string, env: Record<string, string> = {}) {
  const entry = join(folder, 'main.mjs');
  writeFileSync(entry, script);
  const lines = createEventMonitor<string>('lines');
  return { lines, running: startChild({ entry, folder, env, onLine: lines.push }) };
}

test('lines of both outputs and the end are told; the environment is exactly what was given', async () => {
  const { lines, running } = child(
    'console.log(Object.keys(process.env).sort().join());console.error("bad");process.exitCode = 3',
    { A: '1' },
  );
  expect(await running.ended).toBe('ended with code 3');
  await lines.waitUntil(() => lines.all.length === 2);
  expect([...lines.all].sort()).toEqual(['A,ONEFEED_PARENT_PIPE', 'bad']);
});

test('its standard input stays open while this process lives', async () => {
  const { lines, running } = child(
    'process.stdin.on("end", () => console.log("ended")).resume();' +
      'process.on("SIGTERM", () => { console.log("asked"); process.exit(0); }); console.log("up");',
  );
  await lines.awaitNext((line) => line === 'up');
  running.terminate();
  expect(await lines.awaitNext()).toBe('asked');
  expect(await running.ended).toBe('ended with code 0');
});

test('killing ends its descendants, too', async () => {
  const { lines, running } = child(
    'import { spawn } from "node:child_process";' +
      'const sleeper = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);' +
      'console.log(sleeper.pid); setInterval(() => {}, 1000);',
  );
  const descendant = Number(await lines.awaitNext());
  running.kill();
  expect(await running.ended).toBe('was ended by SIGKILL');
  await lines.waitUntil(() => !lives(descendant));
});

test('a program that does not exist ends at once', async () => {
  const running = startChild({ entry: join(folder, 'absent.ts'), folder, env: {}, onLine: () => {} });
  expect(await running.ended).toBe('ended with code 1');
});

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
