import { ApiError } from '@onefeed/client';

/** What went wrong in words: the api's message, with the wait or the offending field where it names one. */
export function errorWords(error: unknown): string {
  if (!(error instanceof ApiError)) return 'Something went wrong in the page. Reload it and try again.';
  const field = detailWords(error.details);
  const wait = error.retryAfterSeconds === null ? '' : ` Try again in ${error.retryAfterSeconds} s.`;
  return `${error.message}${field === null ? '' : ` ${field}`}${wait}`;
}

function detailWords(details: unknown): string | null {
  const list = Array.isArray(details) ? details : [details];
  for (const detail of list) {
    if (typeof detail === 'string') return `(${detail})`;
    if (typeof detail !== 'object' || detail === null) continue;
    const { field, path, message, reason } = detail as Record<string, unknown>;
    const where = [field, path].find((text) => typeof text === 'string' && text !== '');
    const what = [message, reason].find((text) => typeof text === 'string');
    if (what !== undefined) return where === undefined ? `(${what})` : `(${where}: ${what})`;
  }
  return null;
}
