import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** Real data, which is not part of the project: whoever needs it skips where it is absent. */
export const DATA =
  process.env.ONEFEED_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
export const SAMPLES = fileURLToPath(new URL('../../../../shared/protocols/samples', import.meta.url));

/** Cells of a recorded csv.gz, its header included where it has one. */
export function readRows(path: string): string[][] {
  const text = gunzipSync(readFileSync(path)).toString('utf8').trim();
  return text.split('\n').map((line) => line.trim().split(','));
}
