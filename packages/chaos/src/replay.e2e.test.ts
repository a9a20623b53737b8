import { existsSync } from 'node:fs';
import { createTestDatabase, type TestDatabase } from '@onefeed/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { differencesOf, readStored } from './comparison.ts';
import { planFaults } from './fault-plan.ts';
import { createRandom } from './random.ts';
import { DATA, readRows } from './recorded-data.ts';
import type { TrueBar } from './simulator.ts';
import { createStage, type Stage } from './stage.ts';
import { pause, waitFor } from './wait-for.ts';

const MINUTE = 60_000;
const SPEED = 1_500;
const HISTORY = 300;
/** Rows played before the hole and after it. */
const AROUND = 130;

/** Recordings with the holes the venue really had, and how many minutes from the first to the last are missing. */
const RECORDINGS = [
  {
    name: 'BTCUSDT, the outage of 2023-03-24',
    instrument: 'BTCUSDT',
    file: `${DATA}/binance_klines/1m/BTCUSDT-1m-2023-03.csv.gz`,
    hole: Date.UTC(2023, 2, 24, 12, 40),
    missing: 80,
  },
  {
    name: 'SOLUSDT, the missing minute of 2023-02-14',
    instrument: 'SOLUSDT',
    file: `${DATA}/binance_klines/1m/SOLUSDT-1m-2023-02.csv.gz`,
    hole: Date.UTC(2023, 1, 14, 16, 39),
    missing: 1,
  },
  {
    name: 'GBPUSDT, the outage of 2021-04-20',
    instrument: 'GBPUSDT',
    file: `${DATA}/binance_91pairs_7d_2021/GBPUSDT-1m.csv.gz`,
    hole: Date.UTC(2021, 3, 20, 2, 0),
    missing: 150,
  },
];

/** Rows as REST tells them: eight decimals, zero for what the file has no column for. */
function recorded(file: string): TrueBar[] {
  const decimal8 = (text: string) => {
    const [whole = '0', fraction = ''] = text.split('.');
    return `${whole}.${fraction.padEnd(8, '0')}`;
  };
  return readRows(file)
    .filter(([openTime]) => /^\d+$/.test(openTime ?? ''))
    .map(([openTime, open, high, low, close, volume, , quoteVolume = '0', trades = '0']) => ({
      openTime: Number(openTime),
      values: [...[open, high, low, close, volume, quoteVolume].map((text) => decimal8(text ?? '')), trades],
    }));
}

describe.skipIf(!existsSync(DATA))('recorded candles replayed under faults (needs ../shared/data)', () => {
  let stage: Stage | undefined;
  let database: TestDatabase | undefined;
  afterEach(async () => {
    await stage?.stop();
    await database?.drop();
  });

  test.each(RECORDINGS)('$name: the table is the file', async ({ instrument, file, hole, missing }) => {
    const rows = recorded(file);
    const before = rows.findIndex(({ openTime }) => openTime >= hole) - 1;
    const gapMs = (rows[before + 1]?.openTime ?? 0) - (rows[before]?.openTime ?? 0);
    expect(gapMs / MINUTE - 1, 'minutes missing in the file').toBe(missing);

    database = await createTestDatabase();
    stage = await createStage({
      databaseUrl: database.url,
      seed: 5,
      speed: SPEED,
      instruments: [instrument],
      gateways: 1,
      simulator: { SIM_REPLAY: file, SIM_REPLAY_START_INDEX: String(before - AROUND) },
      gateway: { TIMEFRAMES: '1m', HISTORY_CANDLES: String(HISTORY) },
    });
    const { simulator } = stage;
    const end = rows[before + 1 + AROUND]?.openTime ?? 0;
    const runMs = (end - (await simulator.state()).venueTime) / SPEED;
    await simulator.post('/sim/finals', { dropOneIn: 15, duplicateOneIn: 7 });
    const startedAt = performance.now();
    for (const fault of planFaults(createRandom(5), runMs, 1_200)) {
      await pause(Math.max(0, startedAt + fault.atMs - performance.now()));
      await simulator.post(fault.path, fault.body);
      if (fault.end === undefined) continue;
      await pause(Math.max(0, startedAt + fault.end.atMs - performance.now()));
      await simulator.post(fault.end.path, fault.end.body);
    }
    await waitFor('the last row', 60_000, async () => (await simulator.state()).venueTime > end + 2 * MINUTE);
    await simulator.post('/sim/reset');

    const { database: pool } = stage;
    const differences = async () => {
      const stored = (await readStored(pool, instrument, '1m')).filter(({ openTime }) => openTime <= end);
      const oldest = stored[0]?.openTime ?? 0;
      // The history read first reaches back behind the rows that came over the socket.
      expect(oldest).toBeLessThan(hole - 100 * MINUTE);
      const truth = rows.filter(({ openTime }) => openTime >= oldest && openTime <= end);
      return differencesOf(instrument, stored, truth);
    };
    await waitFor('the table to be the file', 20_000, async () => (await differences()).length === 0).catch(
      () => {},
    );
    expect(await differences()).toEqual([]);
    expect(stage.crashes()).toEqual([]);
  });
});
