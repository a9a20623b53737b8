import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkManifest, type Manifest } from './check-manifest.ts';
import { checkSource } from './check-source.ts';
import type { Place } from './edges.ts';

const SOURCE_FILE = /\.(ts|tsx|mts|mjs|js)$/;
const SKIPPED = new Set(['node_modules', 'dist', '.turbo', 'migrations', 'public']);

export interface LadderReport {
  /** Source files that were read. */
  files: number;
  problems: string[];
}

/** Checks every package.json and every source file under apps/ and packages/ of the repository at `root`. */
export function checkRepository(root: string): LadderReport {
  const report: LadderReport = { files: 0, problems: [] };
  for (const [parent, kind] of [
    ['apps', 'app'],
    ['packages', 'package'],
  ] as const) {
    for (const name of folders(join(root, parent)))
      checkPackage(root, `${parent}/${name}`, { name, kind }, report);
  }
  return report;
}

function checkPackage(root: string, folder: string, place: Place, report: LadderReport): void {
  const path = `${folder}/package.json`;
  if (!existsSync(join(root, path))) return;
  const manifest = JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest;
  report.problems.push(...checkManifest(path, place, manifest));
  const libraries = {
    runtime: Object.keys(manifest.dependencies ?? {}),
    tests: Object.keys(manifest.devDependencies ?? {}),
  };
  for (const source of sourcesUnder(root, `${folder}/src`)) {
    report.files++;
    const text = readFileSync(join(root, source), 'utf8');
    report.problems.push(...checkSource({ path: source, text, place, folder, libraries }));
  }
}

function sourcesUnder(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : sourcesUnder(root, path);
    return SOURCE_FILE.test(entry.name) ? [path] : [];
  });
}

function folders(path: string): string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}
