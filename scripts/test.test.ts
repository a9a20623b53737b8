import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';

const scripts = fileURLToPath(new URL('.', import.meta.url));
const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

/** A repository whose tools are stand-ins: what they answer is the test's. */
function repository(tools: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'onefeed-suite-'));
  made.push(root);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { mode: 0o755 });
  };
  for (const name of ['test.mjs', 'install.mjs']) {
    mkdirSync(join(root, 'scripts'), { recursive: true });
    cpSync(join(scripts, name), join(root, 'scripts', name));
  }
  write('package.json', '{"type":"module"}');
  write('pnpm-lock.yaml', 'lock');
  write('node_modules/.install-stamp', createHash('sha256').update('lock').digest('hex'));
  write('node_modules/node/bin/node', '');
  const stub = (name: string) => `#!/bin/sh\n${tools[name] ?? 'exit 0'}\n`;
  for (const name of ['turbo', 'tsc', 'biome', 'node']) write(`node_modules/.bin/${name}`, stub(name));
  write(
    'node_modules/.bin/vitest',
    `#!/bin/sh
for a in "$@"; do case "$a" in --outputFile.json=*) out="\${a#*=}";; esac; done
${tools.vitest ?? report({ numPassedTests: 10 })}
`,
  );
  return root;
}

function report(content: object): string {
  return `echo '${JSON.stringify(content)}' > "$out"`;
}

function run(root: string): { status: number | null; lines: string[] } {
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'scripts/test.mjs')], {
    encoding: 'utf8',
  });
  return { status, lines: stdout.trimEnd().split('\n') };
}

test('checks and tests are summed up in the last line', () => {
  const { status, lines } = run(repository({}));
  expect(lines.at(-1)).toBe('47 passed, 0 failed');
  expect(status).toBe(0);
  for (const name of ['install', 'type check and build', 'lint and format', 'ladder', 'e2e tests']) {
    expect(lines.some((line) => line.startsWith(`ok     ${name}`))).toBe(true);
  }
});

test('a failed check fails the run, and its words are shown', () => {
  const { status, lines } = run(repository({ biome: 'echo "unused variable"; exit 1' }));
  expect(lines).toContain('unused variable');
  expect(lines.at(-1)).toBe('46 passed, 1 failed');
  expect(status).toBe(1);
});

test('failed tests and files that could not be loaded are counted', () => {
  const vitest = `${report({
    numPassedTests: 7,
    numFailedTests: 2,
    numPendingTests: 1,
    testResults: [
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
      { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'failed' }] },
      { status: 'failed', assertionResults: [] },
    ],
  })}; exit 1`;
  const { status, lines } = run(repository({ vitest }));
  expect(lines.at(-1)).toBe('35 passed, 12 failed');
  expect(lines.some((line) => /^FAILED pure tests .* 7 passed, 3 failed, 1 skipped$/.test(line))).toBe(true);
  expect(status).toBe(1);
});

test('a test runner that breaks off without a report is a failure', () => {
  const { status, lines } = run(repository({ vitest: 'exit 3' }));
  expect(lines.at(-1)).toBe('7 passed, 4 failed');
  expect(status).toBe(1);
});
