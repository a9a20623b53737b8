import { ERROR_CATALOGUE, type ErrorCode, type Failure } from '@onefeed/contracts';

/** A refusal that the caller is told of. `details` must hold nothing of others and no secret (I9). */
export class ApiFailure extends Error {
  readonly code: ErrorCode;
  readonly statusCode: number;
  readonly details: unknown;
  readonly retryAfterSeconds: number | null;

  constructor(
    code: ErrorCode,
    options: { details?: unknown; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(ERROR_CATALOGUE[code].message, { cause: options.cause });
    this.name = 'ApiFailure';
    this.code = code;
    this.statusCode = ERROR_CATALOGUE[code].status;
    this.details = options.details;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}

/** The body of an answer that is not a success. */
export function failureBody(code: ErrorCode, details?: unknown): Failure {
  const { message } = ERROR_CATALOGUE[code];
  return { success: false, error: { code, message, ...(details === undefined ? {} : { details }) } };
}
