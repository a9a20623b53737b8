/** Postgres could not be started, for a reason its user can act on: the message is one clear line. */
export class LocalPostgresError extends Error {
  override readonly name = 'LocalPostgresError';
}
