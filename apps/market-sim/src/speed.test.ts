import { expect, it, vi } from 'vitest';
import { startSimulator } from './testing/start-simulator.ts';

// Much work or real sockets: a busy machine takes longer than the default allows.
vi.setConfig({ testTimeout: 60_000 });

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'];
const LENGTHS = { '1m': 60_000, '5m': 300_000 } as const;
type Interval = keyof typeof LENGTHS;
const HOURS = 3;

interface Bar {
  t: number;
  T: number;
  o: string;
  h: string;
  l: string;
  c: string;
  v: string;
  q: string;
  n: number;
  x: boolean;
  V: string;
  Q: string;
}

it(`tells every bar of ${HOURS} hours at 3,600 times the speed, in order and as in the truth`, async () => {
  const { connect, get } = await startSimulator({ SIM_SPEED: '3600', SIM_SEED: '8' });
  const series = SYMBOLS.flatMap((symbol) =>
    (Object.keys(LENGTHS) as Interval[]).map((interval) => ({ symbol, interval, bars: [] as Bar[] })),
  );
  const byStream = new Map(
    series.map((one) => [`${one.symbol.toLowerCase()}@kline_${one.interval}`, one.bars]),
  );
  const client = await connect(`/stream?streams=${[...byStream.keys()].join('/')}`);
  client.socket.on('message', (data) => {
    const { stream, data: event } = JSON.parse(data.toString()) as { stream: string; data: { k: Bar } };
    if (event.k.x) byStream.get(stream)?.push(event.k);
  });
  const enough = ({ interval, bars }: (typeof series)[number]) =>
    bars.length * LENGTHS[interval] >= HOURS * 3_600_000;
  await client.events.waitUntil(() => series.every(enough), 50_000);
  for (const { symbol, interval, bars } of series) {
    const told = [...bars];
    const [from, to] = [told[0]?.t, told.at(-1)?.t];
    const truth = await get(`/sim/truth?symbol=${symbol}&interval=${interval}&from=${from}&to=${to}`);
    const rows = told.map((k) => [k.t, k.o, k.h, k.l, k.c, k.v, k.T, k.q, k.n, k.V, k.Q, '0']);
    expect((truth.body as { klines: unknown[] }).klines).toEqual(rows);
  }
});
