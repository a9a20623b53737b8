import { Type } from 'typebox';

/** The body of a request that says all in its address: none, or an empty object. */
export const EmptyBody = Type.Union([Type.Null(), Type.Object({}, { additionalProperties: false })]);
