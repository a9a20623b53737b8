import { expect, test } from 'vitest';
import { parseFlags } from './flags.ts';

const parse = (...args: string[]) => parseFlags(args, { port: 5001 });

test('without flags: a simulated market at ten times real speed', () => {
  expect(parse()).toEqual({
    help: false,
    live: false,
    speed: 10,
    seed: 1,
    demoBots: 0,
    replay: undefined,
    port: 5001,
    internalPort: 9101,
  });
});

test('flags are read', () => {
  const flags = parse(
    '--speed',
    '60',
    '--seed=7',
    '--demo-bots',
    '200',
    '--port',
    '8080',
    '--internal-port',
    '9500',
  );
  expect(flags).toMatchObject({ speed: 60, seed: 7, demoBots: 200, port: 8080, internalPort: 9500 });
  expect(parse('--live')).toMatchObject({ live: true, speed: 1 });
});

test("a replay's instrument is in the file's name", () => {
  expect(parse('--replay', '../data/ETHUSDT-1m-2023-03.csv.gz').replay).toEqual({
    file: '../data/ETHUSDT-1m-2023-03.csv.gz',
    instrument: 'ETHUSDT',
  });
});

test.each([
  [['--bogus'], /^Unknown option '--bogus'\. See npm start -- --help\.$/],
  [['more'], /^Unexpected argument 'more'/],
  [['--speed'], /argument missing/],
  [['--speed', '0'], /^--speed must be a whole number from 1 to 1000, not "0"\.$/],
  [['--speed', '1.5'], /^--speed must be a whole number/],
  [['--speed', '1e9'], /^--speed must be a whole number/],
  [['--port', '65536'], /^--port must be a whole number from 1 to 65535/],
  [['--demo-bots', '-1'], /demo-bots/],
  [['--demo-bots', '10001'], /^--demo-bots must be a whole number from 0 to 10000/],
  [['--internal-port', '65530'], /^--internal-port must be/],
  [['--live', '--speed', '3'], /^--speed steers the simulator and cannot be used with --live\.$/],
  [['--live', '--replay', 'BTCUSDT.csv'], /^--replay steers the simulator/],
  [['--replay', 'candles.csv'], /^--replay: the file's name must begin with its symbol/],
])('%j is refused in one line', (args, message) => {
  expect(() => parse(...args)).toThrow(message);
  try {
    parse(...args);
  } catch (error) {
    expect((error as Error).message).not.toContain('\n');
  }
});
