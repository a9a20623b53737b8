/** An answer that is not a success, or no answer at all (`code` "NETWORK", `status` 0). */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: unknown;
  /** Seconds to wait before asking again, when the server said so. */
  readonly retryAfterSeconds: number | null;

  constructor(options: {
    code: string;
    status: number;
    message: string;
    details?: unknown;
    retryAfterSeconds?: number | null;
    cause?: unknown;
  }) {
    super(options.message, { cause: options.cause });
    this.name = 'ApiError';
    this.code = options.code;
    this.status = options.status;
    this.details = options.details;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}
