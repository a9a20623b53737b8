import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { ApiFailure } from './api-failure.ts';

const MAX_PROBLEMS = 10;

/**
 * Checks requests against their schemas. Bodies are taken as they are (defaults are filled in); texts of the
 * query and the path are converted to numbers first. An absent body counts as null.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  return (value: unknown) => {
    const given = value === undefined ? null : value;
    const converted = Value.Default(schema, httpPart === 'body' ? given : Value.Convert(schema, given));
    if (validator.Check(converted)) return { value: converted };
    const details = validator
      .Errors(converted)
      .slice(0, MAX_PROBLEMS)
      .map((error) => ({ path: error.instancePath, message: describe(error) }));
    return { error: new ApiFailure('INVALID_REQUEST', { details }) };
  };
};

/** Names unknown fields, which the library's message does not. The given values are not repeated. */
function describe(error: { keyword: string; params: object; message: string }): string {
  const { additionalProperties } = error.params as { additionalProperties?: string[] };
  return additionalProperties
    ? `has unknown fields: ${additionalProperties.slice(0, 5).join(', ')}`
    : error.message;
}
