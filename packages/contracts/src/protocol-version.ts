/**
 * Version of everything that crosses a process boundary. `schemas.test.ts` hashes the schemas: a change of
 * the wire fails that test until this number is raised and the new hash is recorded.
 *
 * - 1: first public wire.
 */
export const PROTOCOL_VERSION = 1;
