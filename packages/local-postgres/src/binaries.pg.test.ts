import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { chooseAccount } from './account.ts';
import { findBinaries, installedFolder } from './binaries.ts';
import { relocatedPath } from './private-folder.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A copy of the package's folder, as another clone would have it. */
function cloneOf(mode: number): string {
  const clone = mkdtempSync(join(tmpdir(), 'onefeed-clone-'));
  const native = join(clone, 'native');
  cpSync(installedFolder(), native, { recursive: true, verbatimSymlinks: true });
  chmodSync(clone, mode);
  folders.push(clone, relocatedPath('postgres-binaries', native));
  return native;
}

function version(program: string): string {
  return spawnSync(program, ['--version'], { cwd: '/', encoding: 'utf8', ...chooseAccount().ids }).stdout;
}

test.runIf(process.getuid?.() === 0)(
  'root, in a clone that only root may enter: a copy is run, made once',
  () => {
    const native = cloneOf(0o700);
    const lines: string[] = [];
    const binaries = findBinaries(chooseAccount(), (line) => lines.push(line), native);
    const copy = relocatedPath('postgres-binaries', native);
    expect(binaries.postgres).toBe(join(copy, 'bin', 'postgres'));
    expect(lines).toEqual([
      `postgres cannot run the Postgres programs in node_modules: using a copy in ${copy}`,
    ]);
    expect(version(binaries.postgres)).toMatch(/PostgreSQL\) 18\./);
    expect(findBinaries(chooseAccount(), () => {}, native)).toEqual(binaries);
  },
);

test.runIf(process.platform === 'linux')(
  'libraries without their links (no install script was run): a repaired copy is run',
  () => {
    const native = cloneOf(0o755);
    for (const entry of readdirSync(join(native, 'lib'), { withFileTypes: true })) {
      if (entry.isSymbolicLink()) rmSync(join(native, 'lib', entry.name));
    }
    const binaries = findBinaries(chooseAccount(), () => {}, native);
    expect(version(binaries.postgres)).toMatch(/PostgreSQL\) 18\./);
  },
);

test('programs that run where they are, are run there', () => {
  const lines: string[] = [];
  const native = cloneOf(0o755);
  expect(findBinaries(chooseAccount(), (line) => lines.push(line), native).initdb).toBe(
    join(native, 'bin', 'initdb'),
  );
  expect(lines).toEqual([]);
});
