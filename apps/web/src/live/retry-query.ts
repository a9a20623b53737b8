import { ApiError } from '@onefeed/client';

/** Asks again only where time may help: no answer, overload, a part restarting. */
export function retryQuery(failures: number, error: unknown): boolean {
  if (failures >= 3) return false;
  return error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500);
}
