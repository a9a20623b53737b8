import { fileURLToPath } from 'node:url';

/** Real data, which is not part of the project: whoever needs it skips where it is absent. */
export const DATA =
  process.env.ONEFEED_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
export const SAMPLES = fileURLToPath(new URL('../../../../shared/protocols/samples', import.meta.url));
