import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SHARED = fileURLToPath(new URL('../../../../../shared/', import.meta.url));
const FOLDER = `${SHARED}protocols/samples/`;
const DATA = process.env.ONEFEED_DATA ?? `${SHARED}data`;

/** Recorded upstream messages, or null where they are absent: tests that need them skip. */
export function readSamples(name: string): unknown {
  const path = `${FOLDER}${name}`;
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

export const SAMPLES_ABSENT = `the recorded messages are absent (${FOLDER})`;

/** A file of the recorded data, or null where it is absent. `name` is its path in the data folder. */
export function readData(name: string): string | null {
  const path = `${DATA}/${name}`;
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

export const DATA_ABSENT = `the recorded data is absent (${DATA}; set ONEFEED_DATA)`;
