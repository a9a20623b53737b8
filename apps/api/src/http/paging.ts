import type { Keyset, Slice } from '@onefeed/db';
import { type Static, Type } from 'typebox';
import { ApiFailure } from './api-failure.ts';

/** `limit` and `cursor` of every list. */
export const PageQuery = Type.Object(
  {
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
    cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
  },
  { additionalProperties: false },
);
export type PageQuery = Static<typeof PageQuery>;

const CURSOR = /^([0-9 :.+-]{1,64})\|([0-9A-Za-z-]{1,64})$/;
/** Ids of rows of ours. */
const ROW_ID = /^[0-9a-f-]+$/;

/** What a list's query asks for. Throws INVALID_REQUEST on a cursor we did not make. */
export function toSlice(query: PageQuery): Slice {
  return { limit: query.limit, after: query.cursor === undefined ? null : readCursor(query.cursor) };
}

/** A cursor is opaque to callers: base64url of `at|id`. */
export function writeCursor(place: Keyset | null): string | null {
  return place === null ? null : Buffer.from(`${place.at}|${place.id}`).toString('base64url');
}

/** `idForm`: what the list's ids look like. */
export function readCursor(cursor: string, idForm = ROW_ID): Keyset {
  const match = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  const [at, id] = match ? [match[1], match[2]] : [];
  if (at === undefined || id === undefined || !idForm.test(id)) {
    throw new ApiFailure('INVALID_REQUEST', {
      details: [{ path: '/cursor', message: 'is not a cursor of this list' }],
    });
  }
  return { at, id };
}
