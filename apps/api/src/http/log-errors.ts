import pino from 'pino';

/** Causes of a cause of ... that a line shows. */
const MAX_DEPTH = 5;

/**
 * How errors get into log lines. The database library puts the values of a failed query into the error's message:
 * password hashes and e-mails among them. The line keeps the query's text and why it failed, never its values (I9).
 */
export function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const failure = findQueryFailure(error);
  return failure === null ? pino.stdSerializers.err(error) : describe(failure);
}

interface QueryFailure {
  query: string;
  cause: unknown;
}

function findQueryFailure(error: Error): QueryFailure | null {
  let inner: unknown = error;
  for (let depth = 0; inner instanceof Error && depth < MAX_DEPTH; depth += 1) {
    if ('query' in inner && 'params' in inner) return { query: String(inner.query), cause: inner.cause };
    inner = inner.cause;
  }
  return null;
}

function describe({ query, cause }: QueryFailure): object {
  const { code, message, stack } = (cause ?? {}) as { code?: unknown; message?: unknown; stack?: unknown };
  return { type: 'QueryFailure', message: `Failed query: ${query}`, code, cause: message, stack };
}
