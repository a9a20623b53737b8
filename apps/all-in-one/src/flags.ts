import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from './usage-error.ts';

/** What the command line asks for. */
export interface Flags {
  help: boolean;
  /** Real venues' public market data; paper money. */
  live: boolean;
  /** How many times faster than real the simulated market runs. */
  speed: number;
  /** Of the simulated market: another number is another market. */
  seed: number;
  demoBots: number;
  /** Recorded candles to play, and the instrument its name tells. */
  replay: { file: string; instrument: string } | undefined;
  /** Of the web app and API. */
  port: number;
  /** The first of ten ports for the processes' own servers and the simulator. */
  internalPort: number;
}

export const HELP = `onefeed: the whole platform with one command.

npm start -- [flags]

  --live             real market data (Binance, PumpPortal) with paper money, instead of the simulator
  --speed N          the simulated market runs N times faster than real (1..1000, default 10)
  --seed N           another simulated market (default 1)
  --replay FILE      the simulator plays recorded candles (e.g. BTCUSDT-1m-2023-01.csv.gz)
  --demo-bots N      N demo users, each with a running bot (up to 10000)
  --port N           port of the web app and API (default 5001, or PORT)
  --internal-port N  first of ten ports used between the processes (default 9101)
  --help             this text

The bundled Postgres keeps a database for real data, one for each seed, and one for replays, which is emptied
at each start.

Environment: DATABASE_URL uses that database instead (give each market its own); ONEFEED_HOME is the folder for
data (default: .onefeed in the project); ADMIN_EMAIL and ADMIN_PASSWORD choose the admin login; LOG_LEVEL.
`;

/** Reads the command line; throws UsageError, naming the flag and what it should be. */
export function parseFlags(args: readonly string[], defaults: { port: number }): Flags {
  const values = parse(args);
  const replay = values.replay === undefined ? undefined : replayOf(values.replay);
  const live = values.live ?? false;
  for (const name of ['speed', 'seed', 'replay'] as const) {
    if (live && values[name] !== undefined) {
      throw new UsageError(`--${name} steers the simulator and cannot be used with --live.`);
    }
  }
  const whole = (
    name: 'speed' | 'seed' | 'demo-bots' | 'port' | 'internal-port',
    min: number,
    max: number,
  ) => (values[name] === undefined ? undefined : wholeNumber(`--${name}`, values[name], min, max));
  return {
    help: values.help ?? false,
    live,
    speed: whole('speed', 1, 1_000) ?? (live ? 1 : 10),
    seed: whole('seed', 0, 4_294_967_295) ?? 1,
    demoBots: whole('demo-bots', 0, 10_000) ?? 0,
    replay,
    port: whole('port', 1, 65_535) ?? defaults.port,
    internalPort: whole('internal-port', 1, 65_526) ?? 9101,
  };
}

/** A whole number in a range; UsageError otherwise. */
export function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`${name} must be a whole number from ${min} to ${max}, not "${text.slice(0, 40)}".`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h' },
        live: { type: 'boolean' },
        speed: { type: 'string' },
        seed: { type: 'string' },
        replay: { type: 'string' },
        'demo-bots': { type: 'string' },
        port: { type: 'string' },
        'internal-port': { type: 'string' },
      },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new UsageError(`${reason.replace(/\.? To specify.*$/, '')}. See npm start -- --help.`);
  }
}

function replayOf(file: string): { file: string; instrument: string } {
  const instrument = /^([A-Z0-9]{5,20})\b/.exec(basename(file))?.[1];
  if (instrument === undefined) {
    throw new UsageError(
      `--replay: the file's name must begin with its symbol, like BTCUSDT-1m-2023-01.csv.`,
    );
  }
  return { file, instrument };
}
