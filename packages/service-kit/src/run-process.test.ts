import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createEventMonitor, type EventMonitor } from '@onefeed/testkit';
import { afterEach, describe, expect, it } from 'vitest';

const EXAMPLE = fileURLToPath(new URL('./fixtures/example-process.ts', import.meta.url));
type Line = { msg: string; level: string; internalPort?: number; cause?: string; err?: { message: string } };

interface Example {
  child: ChildProcessByStdio<Writable, Readable, Readable>;
  lines: EventMonitor<Line>;
  errors: string[];
  exit: Promise<[code: number | null, signal: string | null]>;
}

/** Processes start slowly on a busy machine, and one of them takes 4.5 s to give up. */
describe('runProcess', { timeout: 30_000 }, () => {
  let examples: Example[] = [];
  afterEach(async () => {
    for (const { child } of examples) child.kill('SIGKILL');
    await Promise.all(examples.map(({ exit }) => exit));
    examples = [];
  });

  function run(env: Record<string, string>): Example {
    const child = spawn(process.execPath, [EXAMPLE], {
      env: { PATH: process.env.PATH, ...env },
      stdio: 'pipe',
    });
    const lines = createEventMonitor<Line>('log lines');
    const errors: string[] = [];
    createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line)));
    createInterface(child.stderr).on('line', (line) => errors.push(line));
    const exit = once(child, 'close') as Promise<[number | null, string | null]>;
    const example = { child, lines, errors, exit };
    examples.push(example);
    return example;
  }
  const says = (example: Example, message: string) => example.lines.awaitNext((line) => line.msg === message);

  it('serves health at once and readiness when it runs; SIGTERM stops it gracefully', async () => {
    const example = run({});
    const { internalPort } = await says(example, 'starting');
    await says(example, 'running');
    const ready = await fetch(`http://127.0.0.1:${internalPort}/readyz`);
    expect(ready.status).toBe(200);
    const metrics = await fetch(`http://127.0.0.1:${internalPort}/metrics`);
    expect(await metrics.text()).toContain('onefeed_process_ready 1');
    example.child.kill('SIGTERM');
    expect((await says(example, 'stopping')).cause).toBe('SIGTERM');
    await says(example, 'service stops');
    expect(await example.exit).toEqual([0, null]);
  });

  it('is alive but not ready while its start waits, and can be stopped then', async () => {
    const example = run({ BEHAVIOUR: 'start waits' });
    const { internalPort } = await says(example, 'starting');
    const ready = await fetch(`http://127.0.0.1:${internalPort}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { ready: false, reasons: ['starting'] }]);
    expect((await fetch(`http://127.0.0.1:${internalPort}/healthz`)).status).toBe(200);
    example.child.kill('SIGINT');
    expect(await example.exit).toEqual([0, null]);
  });

  it('exits with 2 and one line when the configuration is wrong', async () => {
    const example = run({ INTERNAL_PORT: 'soon' });
    expect(await example.exit).toEqual([2, null]);
    expect(example.errors).toEqual([
      'example: Configuration: INTERNAL_PORT is not valid: expected port of /healthz, /readyz and /metrics; 0 takes a free one.',
    ]);
    expect(example.lines.all).toEqual([]);
  });

  it.each([
    ['start fails', 'the disk is full'],
    ['throws later', 'nobody caught me'],
    ['rejects later', 'nobody caught me'],
  ])('exits with 1 and says why when it %s', async (behaviour, reason) => {
    const example = run({ BEHAVIOUR: behaviour });
    expect(await example.exit).toEqual([1, null]);
    expect(
      example.lines.all.filter((line) => line.level === 'fatal').map((line) => line.err?.message),
    ).toEqual([reason]);
  });

  it('exits with 1 when its internal port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const example = run({ INTERNAL_PORT: String((server.address() as { port: number }).port) });
    expect(await example.exit).toEqual([1, null]);
    expect(example.lines.all.at(-1)?.err?.message).toContain('EADDRINUSE');
    server.close();
  });

  it('ends at once on a second signal', async () => {
    const example = run({ BEHAVIOUR: 'stop hangs' });
    await says(example, 'running');
    example.child.kill('SIGTERM');
    await says(example, 'service stops');
    example.child.kill('SIGINT');
    expect(await example.exit).toEqual([1, null]);
    expect(example.lines.all.some((line) => line.msg === 'graceful stop took too long')).toBe(false);
  });

  it('ends a stop that hangs', async () => {
    const example = run({ BEHAVIOUR: 'stop hangs' });
    await says(example, 'running');
    example.child.kill('SIGTERM');
    await says(example, 'graceful stop took too long');
    expect(await example.exit).toEqual([1, null]);
  });

  it('stops when the parent that holds its standard input is gone', async () => {
    const example = run({ ONEFEED_PARENT_PIPE: 'stdin' });
    await says(example, 'running');
    example.child.stdin.end();
    expect((await says(example, 'stopping')).cause).toBe('parent gone');
    expect(await example.exit).toEqual([0, null]);
  });

  it('runs without its database and does not wait for it to stop', async () => {
    const example = run({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    await says(example, 'running');
    example.child.kill('SIGTERM');
    expect(await example.exit).toEqual([0, null]);
  });
});
