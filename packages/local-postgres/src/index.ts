export { findFreePort } from './free-port.ts';
export { type LocalPostgres, type LocalPostgresOptions, startLocalPostgres } from './local-postgres.ts';
export { LocalPostgresError } from './local-postgres-error.ts';
export { THROWAWAY_SETTINGS } from './settings.ts';
