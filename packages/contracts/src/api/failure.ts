import { type Static, Type } from 'typebox';

/** Every answer that is not a success. `code` is a key of ERROR_CATALOGUE. */
export const Failure = Type.Object({
  success: Type.Literal(false),
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    details: Type.Optional(Type.Unknown()),
  }),
});
export type Failure = Static<typeof Failure>;
