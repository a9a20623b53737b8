import { expect, test } from 'vitest';
import { createManualClock } from '../testing/fake-venue.ts';
import { createBinanceRestClient } from './rest-client.ts';
import { createRestGate } from './rest-gate.ts';

type Answer = { status?: number; body: unknown; headers?: Record<string, string> } | Error;

function setUp(answers: (Answer | ((url: URL) => Answer))[]) {
  const clock = createManualClock(1_700_000_000_000);
  const urls: URL[] = [];
  const gate = createRestGate(clock, { concurrency: 4, weightPerMinute: 6_000 });
  const rest = createBinanceRestClient({
    baseUrl: 'http://venue/',
    gate,
    clock,
    random: () => 0,
    fetch: (async (input: unknown) => {
      const url = new URL(String(input));
      urls.push(url);
      const next = answers.shift();
      const answer = typeof next === 'function' ? next(url) : next;
      if (answer === undefined) throw new Error('the venue was asked once too often');
      if (answer instanceof Error) throw answer;
      return new Response(JSON.stringify(answer.body), {
        status: answer.status ?? 200,
        headers: answer.headers ?? {},
      });
    }) as typeof fetch,
  });
  /** Lets pending promises go on and time pass until the work is done. */
  async function finish<Result>(work: Promise<Result>): Promise<Result> {
    let done = false;
    const settled = work.finally(() => {
      done = true;
    });
    settled.catch(() => {});
    for (let turn = 0; turn < 2_000 && !done; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(100);
    }
    return settled;
  }
  return { clock, urls, gate, rest, finish, signal: new AbortController().signal };
}

const row = (minute: number) => [
  minute * 60_000,
  '1.0',
  '2.0',
  '0.5',
  '1.5',
  '3',
  minute * 60_000 + 59_999,
  '4',
  5,
  '1',
  '1',
  '0',
];
const page = (from: number, count: number) => Array.from({ length: count }, (_, at) => row(from + at));

test('asks for klines as the venue documents', async () => {
  const { rest, urls, finish, signal } = setUp([{ body: page(1, 2) }]);
  const query = { instrument: 'BTCUSDT', timeframe: '1m', startTime: 60_000, limit: 5_000 } as const;
  const bars = await finish(rest.klines(query, signal));
  expect(bars.map((bar) => bar.candle.openTime)).toEqual([60_000, 120_000]);
  expect(`${urls[0]?.pathname}${urls[0]?.search}`).toBe(
    '/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime=60000&limit=1000',
  );
});

test('reads the newest bars in pages backwards', async () => {
  const { rest, urls, finish, signal } = setUp([{ body: page(1_001, 1_000) }, { body: page(501, 500) }]);
  const bars = await finish(rest.newestKlines({ instrument: 'BTCUSDT', timeframe: '1m' }, 1_500, signal));
  expect(bars).toHaveLength(1_500);
  expect(bars[0]?.candle.openTime).toBe(501 * 60_000);
  expect(urls[1]?.searchParams.get('endTime')).toBe(String(1_001 * 60_000 - 1));
  expect(urls[1]?.searchParams.get('limit')).toBe('500');
});

test('waits as Retry-After says, and others wait with it', async () => {
  const { rest, gate, clock, finish, signal } = setUp([
    {
      status: 429,
      body: { code: -1003, msg: 'Too much request weight used' },
      headers: { 'retry-after': '7' },
    },
    { body: { serverTime: 5 } },
  ]);
  const startedAt = clock.now();
  expect(await finish(rest.time(signal))).toBe(5);
  expect(clock.now() - startedAt).toBeGreaterThanOrEqual(7_000);
  expect(gate.pausedUntil()).toBe(startedAt + 7_000);
});

test('a ban without a time is at least two minutes', async () => {
  const { rest, clock, finish, signal } = setUp([{ status: 418, body: {} }, { body: { serverTime: 5 } }]);
  const startedAt = clock.now();
  await finish(rest.time(signal));
  expect(clock.now() - startedAt).toBeGreaterThanOrEqual(120_000);
});

test('tries again after failures that pass, and not after a refusal', async () => {
  const flaky = setUp([new Error('no route'), { status: 503, body: {} }, { body: { serverTime: 9 } }]);
  expect(await flaky.finish(flaky.rest.time(flaky.signal))).toBe(9);

  const refused = setUp([{ status: 400, body: { code: -1121, msg: 'Invalid symbol.' } }]);
  const query = { instrument: 'X', timeframe: '1m', limit: 1 } as const;
  await expect(refused.finish(refused.rest.klines(query, refused.signal))).rejects.toMatchObject({
    failure: 'refused',
    code: -1_121,
  });
});

test('gives up after four attempts', async () => {
  const { rest, finish, urls, signal } = setUp(Array.from({ length: 9 }, () => ({ status: 500, body: {} })));
  await expect(finish(rest.time(signal))).rejects.toMatchObject({ failure: 'unavailable' });
  expect(urls).toHaveLength(4);
});

test('an answer of another form is not believed', async () => {
  const odd = setUp([{ body: { serverTime: 'soon' } }]);
  await expect(odd.finish(odd.rest.time(odd.signal))).rejects.toMatchObject({ failure: 'unavailable' });
  const html = setUp([{ body: [[1, 2]] }]);
  const query = { instrument: 'X', timeframe: '1m', limit: 1 } as const;
  await expect(html.finish(html.rest.klines(query, html.signal))).rejects.toMatchObject({
    failure: 'unavailable',
  });
});

test('an aborted request ends at once', async () => {
  const { rest, gate } = setUp([]);
  gate.pause(60_000);
  const ending = new AbortController();
  const asked = rest.time(ending.signal);
  ending.abort(new Error('over'));
  await expect(asked).rejects.toThrow('over');
});

test('the gate keeps the weight of a minute and the number of requests', async () => {
  const clock = createManualClock(1_700_000_040_000);
  const gate = createRestGate(clock, { concurrency: 2, weightPerMinute: 100 });
  const { signal } = new AbortController();
  const entered: string[] = [];
  const enter = (name: string, weight: number) =>
    gate.enter(weight, signal).then((leave) => {
      entered.push(name);
      return leave;
    });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const first = await enter('first', 50);
  await enter('second', 20);
  void enter('third', 20);
  await turn();
  expect(entered).toEqual(['first', 'second']);
  first();
  await turn();
  // 50 + 20 + 20 is above four fifths of 100: the third waits for the next minute.
  expect(entered).toEqual(['first', 'second']);
  clock.advance(60_000);
  await turn();
  expect(entered).toEqual(['first', 'second', 'third']);
  gate.used(77);
  expect(gate.usedWeight()).toBe(77);
});

test('orders go before gaps and gaps before histories, whatever waited first', async () => {
  const clock = createManualClock(1_700_000_040_000);
  const gate = createRestGate(clock, { concurrency: 1, weightPerMinute: 100 });
  const { signal } = new AbortController();
  const entered: string[] = [];
  const enter = (name: string, weight: number, priority: 'order' | 'gap' | 'history') =>
    gate.enter(weight, signal, priority).then((leave) => {
      entered.push(name);
      return leave;
    });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const first = await enter('first', 10, 'history');
  const waiting = [enter('history', 10, 'history'), enter('gap', 10, 'gap')];
  // An order waits for no other request.
  (await enter('order', 10, 'order'))();
  first();
  (await waiting[1])?.();
  (await waiting[0])?.();
  expect(entered).toEqual(['first', 'order', 'gap', 'history']);

  // Each leaves a part of the minute's weight to those before it: 80, 90 and 100 of 100.
  gate.used(80);
  void enter('history of the next minute', 1, 'history');
  await turn();
  (await enter('gap within 90', 10, 'gap'))();
  void enter('gap of the next minute', 1, 'gap');
  (await enter('order within 100', 10, 'order'))();
  await turn();
  expect(gate.waiting()).toBe(2);
  clock.advance(60_000);
  await turn();
  expect(entered.slice(4)).toEqual(['gap within 90', 'order within 100', 'gap of the next minute']);
});

test('403 keeps away like a ban', async () => {
  const { rest, clock, finish, signal } = setUp([
    { status: 403, body: {}, headers: { 'retry-after': '30' } },
    { body: { serverTime: 5 } },
  ]);
  const startedAt = clock.now();
  expect(await finish(rest.time(signal))).toBe(5);
  expect(clock.now() - startedAt).toBeGreaterThanOrEqual(30_000);
});
