// npm start: whatever is missing is made, then the platform runs under the project's own Node.
import { spawn } from 'node:child_process';
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
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    process.stderr.write(`onefeed: ${node} cannot be run: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.once('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}
