import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, toolEnvironment } from './install.mjs';

const stamp = join(root, 'node_modules', '.web-build-stamp');
/** Whatever ends up in the web app's bundle. */
const SOURCES = ['apps/web', 'packages/client', 'packages/contracts', 'pnpm-lock.yaml', 'tsconfig.base.json'];
const IGNORED = new Set(['node_modules', 'dist', '.turbo', '.vite']);

/**
 * Builds the web app when a source changed. Names, sizes and times of the sources are compared first: reading
 * them takes milliseconds, asking the build tool takes a second.
 */
export function ensureWebBuilt() {
  const wanted = fingerprint();
  const built = existsSync(join(root, 'apps/web/dist/index.html'));
  if (built && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;

  process.stderr.write('Building the web app ...\n');
  const turbo = join(root, 'node_modules', '.bin', 'turbo');
  const run = spawnSync(turbo, ['run', 'build', '--filter=@onefeed/web'], {
    cwd: root,
    encoding: 'utf8',
    env: toolEnvironment(),
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  if (run.status !== 0) {
    const words = `${run.stdout ?? ''}${run.stderr ?? ''}`.trim() || run.error?.message || 'no output';
    throw new Error(`The web app could not be built:\n${words}`);
  }
  writeFileSync(stamp, wanted);
}

function fingerprint() {
  const hash = createHash('sha256');
  const visit = (path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return;
    if (found.isDirectory()) {
      for (const name of readdirSync(path).sort()) if (!IGNORED.has(name)) visit(join(path, name));
    } else {
      hash.update(`${path}\0${found.size}\0${found.mtimeMs}\n`);
    }
  };
  for (const source of SOURCES) visit(join(root, source));
  return hash.digest('hex');
}
