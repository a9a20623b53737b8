import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { checkRepository } from './check-repository.ts';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

function repository(files: Record<string, string | object>): string {
  const root = mkdtempSync(join(tmpdir(), 'onefeed-ladder-'));
  made.push(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return root;
}

test('forbidden dependencies and imports are found wherever they are', () => {
  const root = repository({
    'apps/api/package.json': { name: '@onefeed/api', dependencies: { '@onefeed/db': 'workspace:*' } },
    'apps/api/src/main.ts': "import '@onefeed/db';\nimport '@onefeed/feed-gateway';\n",
    'apps/api/dist/built.js': "import '@onefeed/feed-gateway';\n",
    'packages/domain/package.json': {
      name: '@onefeed/domain',
      dependencies: { '@onefeed/bus': 'workspace:*' },
    },
    'packages/domain/src/deep/clock.ts': 'export const now = () => Date.now();\n',
    'packages/renamed/package.json': { name: '@onefeed/other' },
  });
  const { files, problems } = checkRepository(root);
  expect(files).toBe(2);
  expect(problems).toEqual([
    'apps/api/src/main.ts:2: api may not use @onefeed/feed-gateway: only contracts, domain, venues, db, bus, service-kit, client, local-postgres',
    'packages/domain/package.json: domain may not depend on @onefeed/bus: only contracts',
    'packages/domain/src/deep/clock.ts:1: the domain may not use Date.now: take it as an input',
    'packages/renamed/package.json: the name must be @onefeed/renamed, like its folder',
  ]);
});
