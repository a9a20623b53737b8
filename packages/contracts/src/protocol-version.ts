/**
 * Version of everything that crosses a process boundary. `schemas.test.ts` hashes the schemas: a change of
 * the wire fails that test until this number is raised and the new hash is recorded.
 *
 * - 1: first public wire.
 * - 2: token events of kind `checked`: trades were missed, or the chain was asked.
 *   Market messages `feedHealth`: instruments whose data may not be believed.
 */
export const PROTOCOL_VERSION = 2;
