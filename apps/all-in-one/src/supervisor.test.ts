import { createFakeClock, type FakeClock } from '@onefeed/testkit';
import { expect, test } from 'vitest';
import { createSupervisor, type RunningProcess, STOP_GRACE_MS } from './supervisor.ts';

/** A process that ends when told. */
class FakeProcess implements RunningProcess {
  readonly pid: number;
  readonly ended: Promise<string>;
  terminated = false;
  killed = false;
  end: (reason: string) => void = () => {};

  constructor(pid: number) {
    this.pid = pid;
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  terminate(): void {
    this.terminated = true;
  }

  kill(): void {
    this.killed = true;
    this.end('was ended by SIGKILL');
  }
}

function harness(clock: FakeClock, names = ['api']) {
  const started: { name: string; at: number; process: FakeProcess }[] = [];
  const lines: string[] = [];
  const supervisor = createSupervisor({
    clock,
    random: () => 1,
    log: (name, line) => lines.push(`${name}: ${line}`),
    processes: names.map((name) => ({
      name,
      start() {
        const process = new FakeProcess(started.length + 1);
        started.push({ name, at: clock.now(), process });
        return process;
      },
    })),
  });
  const last = () => started.at(-1)?.process ?? expect.unreachable();
  return { supervisor, started, lines, last };
}

test('starts all at once and knows who runs', () => {
  const { supervisor, started } = harness(createFakeClock(0), ['api', 'bot-runner']);
  supervisor.start();
  expect(started.map(({ name }) => name)).toEqual(['api', 'bot-runner']);
  expect(supervisor.running()).toEqual([
    { name: 'api', pid: 1 },
    { name: 'bot-runner', pid: 2 },
  ]);
});

test('what ends is started again, later and later while it keeps failing, for ever', async () => {
  const clock = createFakeClock(0);
  const { supervisor, started, last, lines } = harness(clock);
  supervisor.start();
  const pauses: number[] = [];
  for (let crash = 0; crash < 12; crash++) {
    last().end('ended with code 1');
    await clock.advance(0);
    const pause = Number(/restarting in (\d+) ms/.exec(lines.at(-1) ?? '')?.[1]);
    pauses.push(pause);
    await clock.advance(pause - 1);
    expect(started).toHaveLength(crash + 1);
    await clock.advance(1);
    expect(started).toHaveLength(crash + 2);
  }
  expect(pauses.slice(0, 4)).toEqual([100, 200, 400, 800]);
  expect(pauses.at(-1)).toBe(30_000);
});

test('after a healthy life the first restart comes at once again', async () => {
  const clock = createFakeClock(0);
  const { supervisor, started, last } = harness(clock);
  supervisor.start();
  for (let crash = 0; crash < 5; crash++) {
    last().end('ended with code 1');
    await clock.advance(2_000);
  }
  await clock.advance(60_000);
  const before = started.length;
  last().end('was ended by SIGKILL');
  await clock.advance(100);
  expect(started).toHaveLength(before + 1);
});

test('stopping asks politely and resolves when all have ended', async () => {
  const clock = createFakeClock(0);
  const { supervisor, started } = harness(clock, ['api', 'bot-runner']);
  supervisor.start();
  let stopped = false;
  const stop = supervisor.stop().then(() => {
    stopped = true;
  });
  for (const { process } of started) expect(process.terminated).toBe(true);
  started[0]?.process.end('ended with code 0');
  await clock.advance(10);
  expect(stopped).toBe(false);
  started[1]?.process.end('ended with code 0');
  await stop;
  await clock.advance(60_000);
  expect(started).toHaveLength(2);
  expect(supervisor.running()).toEqual([]);
});

test('who does not stop is killed', async () => {
  const clock = createFakeClock(0);
  const { supervisor, last, lines } = harness(clock);
  supervisor.start();
  const stop = supervisor.stop();
  await clock.advance(STOP_GRACE_MS - 1);
  expect(last().killed).toBe(false);
  await clock.advance(1);
  await stop;
  expect(last().killed).toBe(true);
  expect(lines).toEqual(['api: did not stop in time: killed']);
});

test('a process that waits for its restart is not started any more by a stop', async () => {
  const clock = createFakeClock(0);
  const { supervisor, started, last } = harness(clock);
  supervisor.start();
  last().end('ended with code 1');
  await clock.advance(0);
  await Promise.all([supervisor.stop(), supervisor.stop()]);
  await clock.advance(60_000);
  expect(started).toHaveLength(1);
  supervisor.start();
  expect(started).toHaveLength(1);
});
