// Runs on any Node from 20 on, before anything is installed: nothing but Node's own modules here.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/** The Node that the project brings along. Its file, not the link in .bin: that one is a shell script, and a signal to it is lost. */
export const node = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

const stamp = join(root, 'node_modules', '.install-stamp');

/** The environment for the project's own tools: its Node and its programs come first. */
export function toolEnvironment() {
  const bin = join(root, 'node_modules', '.bin');
  return {
    ...process.env,
    PATH: `${join(root, 'node_modules', 'node', 'bin')}${delimiter}${bin}${delimiter}${process.env.PATH ?? ''}`,
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
  };
}

/** Installs when node_modules is missing or was made for another lockfile. Throws with the installer's own words. */
export function ensureInstalled() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) throw new Error(`Node 20 or newer is needed to start, this is ${process.version}.`);
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex');
  if (existsSync(node) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;

  process.stderr.write('Installing (once, about a minute) ...\n');
  const pnpm = join(root, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs');
  const [command, ...args] = existsSync(pnpm)
    ? [process.execPath, pnpm]
    : ['npx', '--yes', `pnpm@${pnpmVersion()}`];
  const run = spawnSync(command, [...args, 'install', '--frozen-lockfile'], {
    cwd: root,
    encoding: 'utf8',
    // CI: never ask a question nobody can answer.
    env: { ...process.env, CI: 'true' },
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  if (run.status !== 0 || !existsSync(node)) {
    const words = `${run.stdout ?? ''}${run.stderr ?? ''}`.trim() || run.error?.message || 'no output';
    throw new Error(`The installation failed:\n${words}`);
  }
  writeFileSync(stamp, wanted);
}

function pnpmVersion() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager.split('@')[1];
}
