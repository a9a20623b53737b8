import type { Static, TObject } from 'typebox';

/**
 * Reads the variables that `schema` names from `env`, converts texts to the schema's types, applies defaults
 * and validates. Throws ConfigError naming every wrong variable and what it should be; values are never
 * repeated in the message (they may be secrets). Empty text counts as absent.
 */
export type ReadConfig = <Schema extends TObject>(schema: Schema, env: Record<string, string | undefined>) => Static<Schema>;
