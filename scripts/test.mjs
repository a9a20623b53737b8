// npm test: every check and every test, each once; the last line is the sum.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, root, toolEnvironment } from './install.mjs';

const bin = (name) => join(root, 'node_modules', '.bin', name);
/** No step may hang for ever. */
const STEP_LIMIT_MS = 30 * 60 * 1_000;
/** Settings of a running platform in the caller's shell must not reach the tests. */
const NOT_FOR_TESTS =
  /^(DATABASE_URL|PORT|INTERNAL_PORT|JWT_SECRET|SECRETS_KEY|ADMIN_|BINANCE_|PUMP|SOLANA_|INSTRUMENTS|ONEFEED_HOME|LIVE_TRADING)/;

const reports = mkdtempSync(join(tmpdir(), 'onefeed-reports-'));
const results = [];

step('install', () => {
  ensureInstalled();
  return { passed: 1, failed: 0 };
});
if (results[0].failed === 0) {
  check('type check and build', bin('turbo'), ['run', 'typecheck', 'build', '--output-logs=errors-only']);
  for (const folder of ['scripts', 'infra', 'docs']) {
    check(`type check of ${folder}`, bin('tsc'), ['-p', folder]);
  }
  check('lint and format', bin('biome'), ['ci', '--reporter=summary', '.']);
  check('ladder', bin('node'), ['scripts/check-ladder.ts']);
  for (const project of ['pure', 'pg', 'browser', 'e2e']) tests(project);
}
rmSync(reports, { recursive: true, force: true });

console.log('');
for (const { name, passed, failed, skipped, seconds } of results) {
  const counts = `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
  console.log(
    `${failed === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(22)} ${seconds.toFixed(1).padStart(7)} s   ${counts}`,
  );
}
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
process.exitCode = sum('failed') === 0 ? 0 : 1;
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);

function step(name, run) {
  console.log(`\n=== ${name}`);
  const startedAt = performance.now();
  let counts;
  try {
    counts = run();
  } catch (error) {
    console.log(error.message);
    counts = { passed: 0, failed: 1 };
  }
  results.push({ name, skipped: 0, ...counts, seconds: (performance.now() - startedAt) / 1_000 });
}

/** A command that passes or fails as a whole; its output is shown when it fails. */
function check(name, command, args) {
  step(name, () => {
    const run = execute(command, args, 'pipe');
    if (run.status !== 0)
      console.log(`${run.stdout ?? ''}${run.stderr ?? ''}${run.error?.message ?? ''}`.trim());
    return run.status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  });
}

/** A vitest project, counted test by test. */
function tests(project) {
  step(`${project} tests`, () => {
    const file = join(reports, `${project}.json`);
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const run = execute(bin('vitest'), ['run', '--project', project, ...reporters], 'inherit');
    const report = readReport(file);
    const failed = (report.numFailedTests ?? 0) + (report.testResults ?? []).filter(couldNotRun).length;
    return {
      passed: report.numPassedTests ?? 0,
      // An error outside any test shows in the exit code only.
      failed: run.status === 0 ? failed : Math.max(1, failed),
      skipped: report.numPendingTests ?? 0,
    };
  });
}

/** A file that failed without a failed test: it could not be loaded, or its set-up failed. */
function couldNotRun({ status, assertionResults }) {
  return status === 'failed' && !assertionResults.some((result) => result.status === 'failed');
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

function execute(command, args, output) {
  const env = Object.fromEntries(
    Object.entries(toolEnvironment()).filter(([name]) => !NOT_FOR_TESTS.test(name)),
  );
  return spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env,
    stdio: ['ignore', output, output],
    maxBuffer: 64 * 1024 * 1024,
    timeout: STEP_LIMIT_MS,
    shell: process.platform === 'win32',
  });
}
