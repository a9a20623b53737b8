import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../../../shared/protocols/samples/', import.meta.url));

/** Recorded upstream messages, or null where they are absent: tests that need them skip. */
export function readSamples(name: string): unknown {
  const path = `${FOLDER}${name}`;
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

export const SAMPLES_ABSENT = `the recorded messages are absent (${FOLDER})`;
