import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: pathTo('..'),
    include: ['test/**/*.test.ts'],
    // They need Windows; `npm run lab -- windows` runs them.
    exclude: process.platform === 'win32' ? [] : ['test/compat/windows/**'],
    globalSetup: [pathTo('support/isolate.ts')],
    pool: 'forks',
    // By default a machine with two processors would run one file at a time.
    maxWorkers: '100%',
    // Each process and each file takes about ten times as long in Wine.
    testTimeout: process.platform === 'win32' ? 120_000 : 60_000,
  },
});

function pathTo(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
