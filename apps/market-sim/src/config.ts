import { ProcessConfig } from '@onefeed/service-kit';
import { type Static, Type } from 'typebox';

/** Variables of the simulator. It needs no database. */
export const SimConfig = Type.Object({
  ...ProcessConfig.properties,
  SIM_PORT: Type.Integer({
    default: 9110,
    minimum: 0,
    maximum: 65_535,
    description: 'port of the simulated venues; 0 takes a free one',
  }),
  SIM_HOST: Type.String({
    default: '127.0.0.1',
    minLength: 1,
    description: 'address of the simulated venues',
  }),
  SIM_SEED: Type.Integer({
    default: 1,
    minimum: 0,
    description: 'a whole number; the same gives the same market',
  }),
  SIM_SPEED: Type.Number({
    default: 1,
    minimum: 0.1,
    maximum: 100_000,
    description: 'how many times faster than the wall clock, 0.1 to 100000',
  }),
  SIM_STARTED_AT: Type.Optional(
    Type.Integer({
      minimum: 0,
      description:
        'wall time in ms at which venue time equalled wall time; keeps time going on over a restart',
    }),
  ),
  SIM_TOKENS_PER_MINUTE: Type.Number({
    default: 20,
    exclusiveMinimum: 0,
    maximum: 1_000,
    description: 'births a market minute',
  }),
  SIM_SECOND_CONNECTION: Type.Union([Type.Literal('refuse'), Type.Literal('kick'), Type.Literal('allow')], {
    default: 'refuse',
    description: 'refuse, kick or allow a second PumpPortal connection',
  }),
  SIM_REPLAY: Type.Optional(
    Type.Array(Type.String({ minLength: 1 }), {
      minItems: 1,
      description: 'comma-separated csv or csv.gz files',
    }),
  ),
  SIM_REPLAY_START_INDEX: Type.Optional(
    Type.Integer({ minimum: 0, description: 'row of the first file at which replay time starts' }),
  ),
  SIM_FAULTS: Type.Optional(
    Type.String({
      minLength: 2,
      description: 'a fault plan as JSON that runs from the start, see apps/market-sim/README.md',
    }),
  ),
  SIM_CONTROL: Type.Optional(
    Type.Literal('enabled', { description: '"enabled" opens the /sim control endpoints' }),
  ),
});
export type SimConfig = Static<typeof SimConfig>;

/** Flags of the command line and the variables they set. */
const FLAGS: Readonly<Record<string, string>> = {
  '--speed': 'SIM_SPEED',
  '--replay': 'SIM_REPLAY',
  '--seed': 'SIM_SEED',
  '--port': 'SIM_PORT',
};

/** The environment with the command line's flags on top. Throws on a flag it does not know. */
export function withFlags(
  env: Readonly<Record<string, string | undefined>>,
  flags: readonly string[],
): Record<string, string | undefined> {
  const merged = { ...env };
  for (let index = 0; index < flags.length; index += 2) {
    const flag = flags[index] ?? '';
    const variable = FLAGS[flag];
    const value = flags[index + 1];
    if (!variable || value === undefined) {
      const known = Object.keys(FLAGS).join(', ');
      throw new Error(variable ? `${flag} needs a value` : `unknown flag ${flag}: expected ${known}`);
    }
    merged[variable] = value;
  }
  return merged;
}
