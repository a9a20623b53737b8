// npm start: whatever is missing is made, then the platform runs under the project's own Node.
import { execFile, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, node, root } from './install.mjs';
import { ensureWebBuilt } from './web-build.mjs';

try {
  ensureInstalled();
  const args = process.argv.slice(2);
  if (!args.includes('--help') && !args.includes('-h')) ensureWebBuilt();
  run(args);
} catch (error) {
  process.stderr.write(`onefeed: ${error.message}\n`);
  process.exitCode = 1;
}

function run(args) {
  const child = spawn(node, [join(root, 'apps/all-in-one/src/main.ts'), ...args], {
    cwd: root,
    env: { NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compile'), ...process.env },
    // The channel carries nothing: its end tells the platform that this process was killed.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  watchRunner(() => child.kill('SIGTERM'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    process.stderr.write(`onefeed: ${node} cannot be run: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.once('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

/**
 * Calls `onGone` when the npm that runs this script is gone. A signal to npm reaches a shell between it and this
 * process, and that shell passes nothing on; a terminal's Ctrl-C reaches all of them.
 */
function watchRunner(onGone) {
  const { npm_lifecycle_event: npmScript } = process.env;
  if (npmScript === undefined || process.platform === 'win32') return;
  execFile('ps', ['-A', '-o', 'pid=,ppid=,args='], { maxBuffer: 16 * 1024 * 1024 }, (error, list) => {
    if (error) return;
    const processes = new Map();
    for (const [, pid, parent, command] of list.matchAll(/^\s*(\d+)\s+(\d+)\s+(.*)$/gm)) {
      processes.set(Number(pid), { parent: Number(parent), command });
    }
    let pid = process.ppid;
    for (
      let steps = 0;
      steps < 5 && !/(^|[/ ])(npm|npx|pnpm|yarn|bun)\b/.test(processes.get(pid)?.command ?? '');
      steps++
    ) {
      pid = processes.get(pid)?.parent ?? 0;
    }
    if (pid > 1 && processes.has(pid)) setInterval(() => isAlive(pid) || onGone(), 500).unref();
  });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
