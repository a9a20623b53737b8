/** `rate_limited` 429, `banned` 418 or 403, `refused` another 4xx, `unavailable` 5xx, no answer or not JSON. */
export type RestFailure = 'rate_limited' | 'banned' | 'refused' | 'unavailable';

/** A REST request that failed. Only `refused` will fail again in the same way. */
export class BinanceRestError extends Error {
  override name = 'BinanceRestError';
  readonly failure: RestFailure;
  /** The venue's own code, e.g. -1121 for a bad symbol; null when it gave none. */
  readonly code: number | null;
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    detail: { failure: RestFailure; code?: number | null; retryAfterMs?: number | null; cause?: unknown },
  ) {
    super(message, { cause: detail.cause });
    this.failure = detail.failure;
    this.code = detail.code ?? null;
    this.retryAfterMs = detail.retryAfterMs ?? null;
  }
}
