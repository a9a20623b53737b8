import { posix } from 'node:path';
import { allowedText, isUnbound, mayUse, type Place } from './edges.ts';
import { blankOut, type Import, importsOf, lineAt } from './source-text.ts';

export const LONGEST_FILE_LINES = 400;

/** A source file and the package it belongs to. `path` is from the repository's root. */
export interface SourceFile {
  path: string;
  text: string;
  place: Place;
  /** Folder of the package, from the repository's root. */
  folder: string;
  /** Libraries of its package.json: for all code, and for tests only. */
  libraries: { runtime: readonly string[]; tests: readonly string[] };
}

/** Files that hand the environment to config schemas, and so may read it. */
const READS_ENVIRONMENT = /(^|\/)(config|main|run-process)\.ts$/;

/** The domain gets time, randomness and ids as inputs: the same events must give the same trades (I11). */
const AMBIENT: readonly [pattern: RegExp, name: string][] = [
  [/\bDate\.now\b/g, 'Date.now'],
  [/\bnew\s+Date\s*\(\s*\)/g, 'new Date()'],
  [/\bMath\.random\b/g, 'Math.random'],
  [/\bperformance\.now\b/g, 'performance.now'],
  [/\b(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/g, 'a timer'],
  [/(?<![\w.])process\s*\./g, 'process'],
  [/\bcrypto\.(?:randomUUID|getRandomValues|subtle)\b/g, 'crypto'],
  [/(?<![\w.])fetch\s*\(/g, 'fetch'],
];

/** Parts of a package that have an index of their own, named in its `exports`. */
const SECOND_INDEXES: ReadonlySet<string> = new Set(['@onefeed/db/market']);

/** Tests, the suites that all adapters of a port share, and the packages that only tests are made of. */
export function isTest(path: string): boolean {
  return (
    /(\.test\.tsx?|-contract\.ts)$|\/(test|testing)\//.test(path) ||
    /^packages\/(testkit|e2e|bench|chaos)\//.test(path)
  );
}

/** One line for each rule that the file breaks. */
export function checkSource(file: SourceFile): string[] {
  const problems = importsOf(file.text).flatMap((found) => {
    const problem = checkImport(file, found);
    return problem === undefined ? [] : [`${file.path}:${found.line}: ${problem}`];
  });
  const lines = file.text.trimEnd().split('\n').length;
  if (lines > LONGEST_FILE_LINES) {
    problems.push(
      `${file.path}:${lines}: the file has ${lines} lines, at most ${LONGEST_FILE_LINES}: split it by nouns`,
    );
  }
  return [...problems, ...checkAmbient(file)];
}

function checkImport(file: SourceFile, { specifier }: Import): string | undefined {
  const { place } = file;
  const inTest = isTest(file.path);
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file.path), specifier);
    if (isUnbound(place) || target.startsWith(`${file.folder}/`)) return undefined;
    return `"${specifier}" reaches into another package: import it by its name`;
  }
  if (specifier.startsWith('node:')) {
    if (place.name !== 'domain' || inTest) return undefined;
    return `"${specifier}": the domain does no I/O and knows no Node`;
  }
  const own = /^@onefeed\/([^/]+)(\/.+)?$/.exec(specifier);
  if (own === null) return checkLibrary(file, specifier, inTest);
  const [, target = '', deep] = own;
  if (deep !== undefined && !SECOND_INDEXES.has(specifier))
    return `"${specifier}" goes round the package's index: import @onefeed/${target}`;
  if (mayUse(place, target, inTest)) return undefined;
  return `${place.name} may not use @onefeed/${target}: ${allowedText(place)}`;
}

function checkLibrary(file: SourceFile, specifier: string, inTest: boolean): string | undefined {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const { runtime, tests } = file.libraries;
  if (runtime.includes(name) || (inTest && tests.includes(name))) return undefined;
  if (tests.includes(name)) return `"${name}" is a devDependency: only tests may import it`;
  return `"${name}" is not among the dependencies of ${file.place.name}'s package.json`;
}

function checkAmbient(file: SourceFile): string[] {
  if (isTest(file.path) || isUnbound(file.place)) return [];
  const code = blankOut(file.text, { texts: true });
  const find = (pattern: RegExp, message: string) =>
    [...code.matchAll(pattern)].map((match) => `${file.path}:${lineAt(code, match.index)}: ${message}`);
  const environment = READS_ENVIRONMENT.test(file.path)
    ? []
    : find(/\bprocess\.env\b/g, 'process.env is read in config.ts and main.ts only');
  if (file.place.name !== 'domain') return environment;
  return AMBIENT.flatMap(([pattern, name]) =>
    find(pattern, `the domain may not use ${name}: take it as an input`),
  );
}
