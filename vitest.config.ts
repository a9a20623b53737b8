import { defineConfig } from 'vitest/config';

const everywhere = (pattern: string) => [
  `{apps,packages}/*/{src,test}/**/${pattern}`,
  `{scripts,infra,docs}/**/${pattern}`,
];
const special = [
  '**/*.pg.test.ts',
  '**/*.browser.test.ts',
  '**/*.e2e.test.ts',
  '**/node_modules/**',
  '**/dist/**',
];

/** Projects that need Postgres start one cluster each run; the pure ones start nothing. */
export default defineConfig({
  test: {
    // The machine that runs this may be small, and every file may bring its own processes.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'pure',
          include: everywhere('*.test.{ts,tsx}'),
          exclude: special,
          // Not a speed limit: a busy machine must not fail a test that starts a process.
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'pg',
          include: everywhere('*.pg.test.ts'),
          globalSetup: './vitest.global-setup.ts',
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'browser',
          include: everywhere('*.browser.test.ts'),
          globalSetup: './vitest.global-setup.ts',
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['packages/{e2e,chaos}/**/*.e2e.test.ts'],
          globalSetup: './vitest.global-setup.ts',
          maxWorkers: 1,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
