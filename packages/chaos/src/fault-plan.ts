import type { Random } from './random.ts';

/** One thing that goes wrong: a request to the simulator, and the one that ends it. */
export interface Fault {
  name: string;
  path: string;
  body: object;
  /** Wall ms after the start of the run. */
  atMs: number;
  end?: { path: string; body: object; atMs: number };
}

type Make = (
  random: Random,
) => Pick<Fault, 'name' | 'path' | 'body'> & { lastsMs?: number; endBody?: object };

/** Nothing of this is a bar of the venue; all of it must be counted as bad or passed over. */
const HOSTILE_FRAMES = [
  '',
  '{',
  'null',
  '[]',
  '[[[[[[[[[[[[[[[[',
  '"kline"',
  '{"stream":"btcusdt@kline_1m"}',
  '{"stream":"btcusdt@kline_1m","data":null}',
  '{"e":"kline","E":1,"s":"BTCUSDT","k":{}}',
  '{"__proto__":{"e":"kline"},"constructor":null}',
  '{"result":null,"id":"1"}',
  '{"code":2,"msg":"Invalid request"}',
  '{"txType":"buy"}',
  '{"txType":"create","mint":"\\u0000","signature":"x"}',
  '{"message":"Unsubscribed."}',
  '{"errors":"Invalid message."}',
  `{"e":"kline","E":1700000000000,"s":"BTCUSDT","k":{"t":1699999980001,"T":1700000039999,"s":"BTCUSDT","i":"1m","o":"1","c":"1","h":"1","l":"1","v":"0","q":"0","n":0,"x":true}}`,
  `{"e":"kline","E":1700000100000,"s":"BTCUSDT","k":{"t":1699999980000,"T":1700000039999,"s":"BTCUSDT","i":"1m","o":"-1","c":"1","h":"1","l":"1","v":"0","q":"0","n":0,"x":true}}`,
  `{"e":"kline","E":1700000100000,"s":"BTCUSDT","k":{"t":1699999980000,"T":1700000039999,"s":"BTCUSDT","i":"1m","o":"1","c":"9","h":"2","l":"1","v":"0","q":"0","n":0,"x":true}}`,
  'x'.repeat(100_000),
] as const;

const venue = (random: Random) => random.pick(['binance', 'binance', 'pumpfun', 'solana']);

const CATALOGUE: readonly [Make, ...Make[]] = [
  (random) => ({ name: 'drop', path: '/sim/drop', body: { venue: venue(random) } }),
  (random) => lasting('silence', '/sim/silence', venue(random), random.between(500, 4_000)),
  (random) => lasting('refuse', '/sim/refuse', venue(random), random.between(300, 2_500)),
  (random) => ({
    name: 'finals',
    path: '/sim/finals',
    body: {
      dropOneIn: random.between(5, 60),
      duplicateOneIn: random.between(2, 20),
      lateOneIn: random.between(10, 60),
    },
  }),
  (random) => ({
    name: 'rest statuses',
    path: '/sim/rest',
    body: { statuses: Array.from({ length: random.between(1, 6) }, () => random.pick([429, 418, 500, 503])) },
  }),
  (random) => ({
    name: 'hostile frame',
    path: '/sim/frame',
    body: { venue: venue(random), text: random.pick(HOSTILE_FRAMES) },
  }),
  () => ({ name: 'shutdown', path: '/sim/shutdown', body: {} }),
];

function lasting(name: string, path: string, at: string, lastsMs: number) {
  return { name, path, body: { venue: at, on: true }, lastsMs, endBody: { venue: at, on: false } };
}

/**
 * Faults over `runMs` of wall time, ascending, every kind at least once. The last tenth of the run is calm but
 * for the finals, which stay faulty to the end.
 */
export function planFaults(random: Random, runMs: number, everyMs: number): Fault[] {
  const faults: Fault[] = [];
  const until = runMs * 0.9;
  const queue = [...CATALOGUE];
  for (let atMs = runMs * 0.02; atMs < until; atMs += random.between(everyMs / 2, everyMs * 1.5)) {
    const make = queue.shift() ?? random.pick(CATALOGUE);
    const { lastsMs, endBody, ...fault } = make(random);
    faults.push({
      ...fault,
      atMs,
      ...(lastsMs === undefined
        ? {}
        : { end: { path: fault.path, body: endBody ?? {}, atMs: Math.min(atMs + lastsMs, until) } }),
    });
  }
  return faults;
}
