import { expect, test } from 'vitest';
import { checkSource, LONGEST_FILE_LINES, type SourceFile } from './check-source.ts';

function file(path: string, text: string): SourceFile {
  const [parent, name = ''] = path.split('/');
  return {
    path,
    text,
    place: { name, kind: parent === 'apps' ? 'app' : 'package' },
    folder: `${parent}/${name}`,
    libraries: { runtime: ['pg', '@fastify/cors'], tests: ['vitest'] },
  };
}

const refused: [what: string, path: string, text: string, problem: RegExp][] = [
  [
    'an app in an app',
    'apps/api/src/a.ts',
    "import { x } from '@onefeed/bot-runner';",
    /api may not use @onefeed\/bot-runner/,
  ],
  [
    'domain below contracts',
    'packages/contracts/src/a.ts',
    "import type { X } from '@onefeed/domain';",
    /nothing of this repository/,
  ],
  [
    'db in the domain',
    'packages/domain/src/a.ts',
    "export * from '@onefeed/db';",
    /domain may not use @onefeed\/db: only contracts/,
  ],
  [
    'the domain in the web app',
    'apps/web/src/a.tsx',
    "import { x } from '@onefeed/domain';",
    /web may not use @onefeed\/domain/,
  ],
  [
    'a dynamic import',
    'packages/bus/src/a.ts',
    "await import('@onefeed/db');",
    /bus may not use @onefeed\/db/,
  ],
  [
    'the test kit in code',
    'apps/api/src/a.ts',
    "import { x } from '@onefeed/testkit';",
    /api may not use @onefeed\/testkit/,
  ],
  [
    'a part of a package that is out of reach as a whole',
    'packages/bus/src/a.ts',
    "import { x } from '@onefeed/db/market';",
    /bus may not use @onefeed\/db/,
  ],
  [
    'a deep import',
    'apps/api/src/a.ts',
    "import { x } from '@onefeed/db/src/schema/bots.ts';",
    /goes round the package's index/,
  ],
  [
    'a relative deep import',
    'apps/api/src/a.ts',
    "import { x } from '../../../packages/db/src/pool.ts';",
    /reaches into another package/,
  ],
  [
    'a neighbour app by path',
    'apps/api/src/a.ts',
    "import '../../web/src/main.ts';",
    /reaches into another package/,
  ],
  [
    'an undeclared library',
    'apps/api/src/a.ts',
    "import _ from 'lodash/fp';",
    /"lodash" is not among the dependencies/,
  ],
  [
    'a test library in code',
    'apps/api/src/a.ts',
    "import { test } from 'vitest';",
    /only tests may import it/,
  ],
  ['node in the domain', 'packages/domain/src/a.ts', "import { readFile } from 'node:fs';", /no I\/O/],
  [
    'time in the domain',
    'packages/domain/src/a.ts',
    'const now = Date.now();',
    /Date\.now: take it as an input/,
  ],
  ['a bare Date in the domain', 'packages/domain/src/a.ts', 'const now = new Date( );', /new Date\(\)/],
  ['chance in the domain', 'packages/domain/src/a.ts', 'const x = Math.random();', /Math\.random/],
  ['a timer in the domain', 'packages/domain/src/a.ts', 'setTimeout(() => {}, 1);', /a timer/],
  ['process in the domain', 'packages/domain/src/a.ts', 'process.exit(1);', /process/],
  [
    'the environment',
    'packages/bus/src/a.ts',
    'const url = process.env.DATABASE_URL;',
    /config\.ts and main\.ts only/,
  ],
];

test.each(refused)('%s is refused', (_what, path, text, problem) => {
  const found = checkSource(file(path, `// first line\n${text}\n`));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(problem);
  expect(found[0]).toMatch(new RegExp(`^${path}:2: `));
});

const allowed: [what: string, path: string, text: string][] = [
  [
    'the ladder downwards',
    'apps/api/src/a.ts',
    "import { x } from '@onefeed/db';\nimport type { Y } from '@onefeed/contracts';",
  ],
  ['a package inside itself', 'packages/db/src/repositories/a.ts', "import { x } from '../schema/bots.ts';"],
  ['declared libraries', 'apps/api/src/a.ts', "import pg from 'pg';\nimport cors from '@fastify/cors';"],
  [
    'the test kit in a test',
    'packages/domain/src/a.test.ts',
    "import { x } from '@onefeed/testkit';\nimport { test } from 'vitest';",
  ],
  [
    'node in a test of the domain',
    'packages/domain/src/a.test.ts',
    "import { readFileSync } from 'node:fs';\nDate.now();",
  ],
  ['anything in e2e', 'packages/e2e/src/a.ts', "import { x } from '@onefeed/api';\nprocess.env.X;"],
  ['the environment in config.ts', 'apps/api/src/config.ts', 'export const env = process.env;'],
  [
    'a date from a number in the domain',
    'packages/domain/src/a.ts',
    'const day = new Date(ms).getUTCDate();',
  ],
  [
    'words in comments and texts',
    'packages/domain/src/a.ts',
    "// Date.now() is banned\n/* import 'node:fs' */\nconst hint = 'no Math.random()';",
  ],
  [
    'a method that is called like a timer',
    'packages/domain/src/a.ts',
    'const process = 1;\nconst fetched = state.fetch(1);',
  ],
];

test.each(allowed)('%s is allowed', (_what, path, text) => {
  expect(checkSource(file(path, text))).toEqual([]);
});

test('a file that is too long is refused, one line less is not', () => {
  const lines = (count: number) => checkSource(file('apps/api/src/a.ts', 'export {};\n'.repeat(count)));
  expect(lines(LONGEST_FILE_LINES)).toEqual([]);
  expect(lines(LONGEST_FILE_LINES + 1)[0]).toMatch(/has 401 lines, at most 400/);
});
