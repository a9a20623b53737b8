import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Platform, startPlatform, waitFor } from './platform.ts';

const DATA = process.env.ONEFEED_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
// The first hours of ARBUSDT: its listing day, so the file begins with the market itself.
const FILE = `${DATA}/binance_klines/1m/ARBUSDT-1m-2023-03.csv.gz`;
const ROWS = 600;

/** Columns of a recorded row, as the exchange writes them. */
function recorded(): string[][] {
  const rows = gunzipSync(readFileSync(FILE))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return rows.filter((row) => /^\d+$/.test(row[0] ?? '')).slice(0, ROWS);
}

describe.skipIf(!existsSync(FILE))(
  'recorded candles replayed through the socket (needs ../shared/data)',
  () => {
    let platform: Platform;

    beforeAll(async () => {
      // History covers what plays before the gateway has connected; all the rest comes over the socket.
      platform = await startPlatform(['--replay', FILE, '--speed', '500'], {
        environment: { SIM_REPLAY_START_INDEX: '50' },
      });
    });
    afterAll(() => platform?.stop());

    test('end up in the table identical to the file', async () => {
      const rows = recorded();
      const last = Number(rows.at(-1)?.[0]);
      await waitFor(`${ROWS} candles to be stored`, 150_000, async () => {
        const { rows: stored } = await platform.database.query(
          `select max(open_time)::float8 as newest from candles where instrument = 'ARBUSDT' and timeframe = '1m'`,
        );
        return stored[0].newest >= last;
      });
      const { rows: stored } = await platform.database.query(
        `select open_time::text, open::text, high::text, low::text, close::text, volume::text, quote_volume::text, trades::text
       from candles where instrument = 'ARBUSDT' and timeframe = '1m' and open_time <= $1 order by open_time`,
        [last],
      );
      expect(stored.map((row) => Object.values(row))).toEqual(
        rows.map(([openTime, open, high, low, close, volume, , quoteVolume, trades]) => [
          openTime,
          open,
          high,
          low,
          close,
          volume,
          quoteVolume,
          trades,
        ]),
      );
      // Most of them came as final frames, not as history.
      const live = await platform.metric('feed-gateway', 'onefeed_feed_candles_stored_total', {
        source: 'live',
      });
      expect(live).toBeGreaterThan(ROWS / 2);
    });
  },
);
