import type { ErrorCode } from '@onefeed/contracts';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiFailure, failureBody } from './api-failure.ts';

/** What Fastify itself refuses, in the words of the catalogue. */
const FRAMEWORK_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'INVALID_REQUEST',
  FST_ERR_CTP_INVALID_JSON_BODY: 'INVALID_REQUEST',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'INVALID_REQUEST',
  FST_ERR_VALIDATION: 'INVALID_REQUEST',
  FST_ERR_BAD_URL: 'INVALID_REQUEST',
  FST_ERR_MAX_PARAM_LENGTH: 'NOT_FOUND',
};

/** Postgres or the network to it is gone: the class of what a retry mends. */
const CONNECTION_ERRORS = /^(ECONN|ENOTFOUND|ETIMEDOUT|EPIPE|57P0|08|53)/;

/**
 * SQLSTATE class 22: a value that its column cannot hold. Schemas let few through (a NUL in a text, a cursor that
 * was tampered with); the statement changed nothing.
 */
const VALUE_ERRORS = /^22[0-9A-Z]{3}$/;

/** The row's owner does not exist: the token outlived its account (another database, the same secret). */
const OWNER_MISSING = '23503';

/** One place turns every error into an answer; what is not expected is logged and told of as INTERNAL. */
export function installErrorHandler(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | ApiFailure, request, reply) => {
    const failure = toFailure(error);
    if (failure.statusCode >= 500) request.log.error({ err: error }, 'request failed');
    else if (failure.cause !== undefined) request.log.warn({ err: error }, 'the database refused a value');
    return sendFailure(reply, failure);
  });
  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) =>
    sendFailure(reply, new ApiFailure('NOT_FOUND', { details: { method: request.method } })),
  );
}

/** For refusals that Fastify gives before there is a route. */
export function answerFrameworkError(error: FastifyError, _request: unknown, reply: FastifyReply): void {
  sendFailure(reply, toFailure(error));
}

export function sendFailure(reply: FastifyReply, failure: ApiFailure): FastifyReply {
  if (failure.retryAfterSeconds !== null) reply.header('retry-after', String(failure.retryAfterSeconds));
  return reply.code(failure.statusCode).send(failureBody(failure.code, failure.details));
}

function toFailure(error: FastifyError | ApiFailure): ApiFailure {
  if (error instanceof ApiFailure) return error;
  const code = FRAMEWORK_CODES[error.code];
  if (code) {
    const message =
      error.code === 'FST_ERR_BAD_URL' ? 'the address is not well encoded' : 'is not valid JSON';
    const detail = code === 'INVALID_REQUEST' ? { details: [{ path: '', message }] } : {};
    return new ApiFailure(code, detail);
  }
  if (error.statusCode === 400 || error instanceof SyntaxError) {
    return new ApiFailure('INVALID_REQUEST', { details: [{ path: '', message: 'is not valid JSON' }] });
  }
  const cause = databaseCode(error);
  if (cause !== undefined && CONNECTION_ERRORS.test(cause)) {
    return new ApiFailure('DEGRADED', { retryAfterSeconds: 5, cause: error });
  }
  if (cause === OWNER_MISSING) return new ApiFailure('UNAUTHENTICATED');
  if (cause !== undefined) {
    return new ApiFailure('INVALID_REQUEST', {
      details: [{ path: '', message: 'holds a value that cannot be stored or looked for' }],
      cause: error,
    });
  }
  return new ApiFailure('INTERNAL', { cause: error });
}

/** drizzle wraps pg's errors: the code is on the innermost cause. */
function databaseCode(error: unknown): string | undefined {
  for (let inner: unknown = error, depth = 0; inner instanceof Error && depth < 5; depth += 1) {
    const { code, constraint } = inner as { code?: unknown; constraint?: unknown };
    if (code === OWNER_MISSING && String(constraint).endsWith('_user_id_users_id_fk')) return code;
    if (typeof code === 'string' && (CONNECTION_ERRORS.test(code) || VALUE_ERRORS.test(code))) return code;
    // pg's pool has no code for it.
    if (/timeout exceeded when trying to connect|Connection terminated/.test(inner.message))
      return 'ETIMEDOUT';
    inner = inner.cause;
  }
  return undefined;
}
