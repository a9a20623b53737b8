import { type Static, type TObject, Type } from 'typebox';
import { Value } from 'typebox/value';

/** The variables every process reads. INTERNAL_PORT gets its default from `runProcess({ internalPort })`. */
export const ProcessConfig = Type.Object({
  LOG_LEVEL: Type.Union(
    ['fatal', 'error', 'warn', 'info', 'debug', 'trace'].map((level) => Type.Literal(level)),
    { default: 'info', description: 'fatal, error, warn, info, debug or trace' },
  ),
  INTERNAL_PORT: Type.Integer({
    minimum: 0,
    maximum: 65_535,
    description: 'port of /healthz, /readyz and /metrics; 0 takes a free one',
  }),
  INTERNAL_HOST: Type.String({
    default: '127.0.0.1',
    minLength: 1,
    description: 'address of /healthz, /readyz and /metrics',
  }),
});
export type ProcessConfig = Static<typeof ProcessConfig>;

/** The variables every process with a database reads: spread `CommonConfig.properties` into the app's schema. */
export const CommonConfig = Type.Object({
  ...ProcessConfig.properties,
  DATABASE_URL: Type.String({
    pattern: '^postgres(ql)?://',
    description: 'postgres://user:password@host:port/database',
  }),
});
export type CommonConfig = Static<typeof CommonConfig>;

/** A variable is wrong or missing. The message is one line for the operator and never repeats a value. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  /** The offending variables, in the order of the schema. */
  readonly variables: readonly string[];

  constructor(problems: ReadonlyMap<string, string>) {
    const list = [...problems].map(([variable, problem]) => `${variable} ${problem}`);
    super(`Configuration: ${list.join('; ')}.`);
    this.variables = [...problems.keys()];
  }
}

export interface ReadConfigRules {
  /** Groups of optional variables that are set together or not at all. */
  together?: readonly (readonly string[])[];
}

/**
 * Reads the variables that `schema` names from `env`, converts texts to the schema's types (lists are comma
 * separated), applies defaults and validates. Throws ConfigError naming every wrong variable and what it
 * should be; values are never repeated in the message (they may be secrets). Empty text counts as absent.
 */
export function readConfig<Schema extends TObject>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
  rules: ReadConfigRules = {},
): Static<Schema> {
  const given: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(schema.properties)) {
    const text = env[name]?.trim();
    if (text) given[name] = convert(text, property);
  }
  const config = Value.Default(schema, given);
  const problems = new Map<string, string>();
  if (!Value.Check(schema, config)) {
    const wrong = new Set<string>();
    for (const error of Value.Errors(schema, config)) {
      const first = error.instancePath.split('/')[1];
      if (first) wrong.add(first);
    }
    for (const [name, property] of Object.entries(schema.properties)) {
      const missing = given[name] === undefined && schema.required.includes(name) && !('default' in property);
      if (missing) problems.set(name, `is required (${expectation(property)})`);
      else if (wrong.has(name)) problems.set(name, `is not valid: expected ${expectation(property)}`);
    }
  }
  for (const group of rules.together ?? []) {
    const set = group.filter((name) => given[name] !== undefined);
    if (set.length === 0) continue;
    for (const name of group) {
      if (given[name] === undefined) problems.set(name, `is required when ${set[0]} is set`);
    }
  }
  if (problems.size > 0) throw new ConfigError(problems);
  return config as Static<Schema>;
}

/** A text that is not of the type stays a text, which the validation then refuses: nothing is guessed or cut. */
function convert(text: string, property: unknown): unknown {
  const { type, items } = property as { type?: string; items?: unknown };
  if (type === 'array') {
    const parts = text.split(',').map((part) => part.trim());
    return parts.filter((part) => part !== '').map((part) => convert(part, items));
  }
  if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

function expectation(property: unknown): string {
  const { description, type, pattern, minimum, maximum, minLength, anyOf } = property as {
    description?: string;
    type?: string;
    pattern?: string | RegExp;
    minimum?: number;
    maximum?: number;
    minLength?: number;
    anyOf?: { const?: unknown }[];
  };
  if (description) return description;
  if (anyOf?.every((option) => 'const' in option)) return anyOf.map((option) => option.const).join(' | ');
  const bounds = [
    minimum === undefined ? '' : `at least ${minimum}`,
    maximum === undefined ? '' : `at most ${maximum}`,
    minLength === undefined ? '' : `at least ${minLength} characters`,
    pattern === undefined ? '' : `matching ${pattern}`,
  ].filter((bound) => bound !== '');
  return [type ?? 'a valid value', ...bounds].join(', ');
}
