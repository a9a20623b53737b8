import { allowedText, mayUse, type Place } from './edges.ts';

export interface Manifest {
  name?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** One line for each dependency of a package.json that the ladder forbids. */
export function checkManifest(path: string, place: Place, manifest: Manifest): string[] {
  const problems: string[] = [];
  if (manifest.name !== `@onefeed/${place.name}`) {
    problems.push(`${path}: the name must be @onefeed/${place.name}, like its folder`);
  }
  for (const [kind, inTest] of [
    ['dependencies', false],
    ['devDependencies', true],
  ] as const) {
    for (const name of Object.keys(manifest[kind] ?? {})) {
      const target = /^@onefeed\/(.+)$/.exec(name)?.[1];
      if (target === undefined || mayUse(place, target, inTest)) continue;
      problems.push(`${path}: ${place.name} may not depend on ${name}: ${allowedText(place)}`);
    }
  }
  return problems;
}
