import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { pageScript } from '../bin/page.mjs';

/** Files that replace modules, and so cannot share them with others. */
const ALONE = ['test/*/full-disk.test.ts', 'test/base/modes.test.ts'];

const { script } = await pageScript();

export default defineConfig({
  define: { PAGE_SCRIPT: JSON.stringify(script) },
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    testTimeout: 60_000,
    setupFiles: ['test/support/seed.ts'],
    /* Many a file waits for processes and sockets. */
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    projects: [
      { extends: true, test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: ALONE, isolate: false } },
      { extends: true, test: { name: 'alone', include: ALONE } },
    ],
    coverage: {
      include: ['src/**'],
      /* What runs in the browser is tested there. */
      exclude: ['src/main.ts', 'src/page/**'],
      /* What is at 100 is so by the tests of its own folder, so that it does not depend on chance: `npm run coverage`. */
      thresholds: {
        branches: 90,
        'src/spec/**': { branches: 100 },
        'src/plan/**': { branches: 100 },
        'src/apply/**': { branches: 100 },
        'src/kinds/**': { branches: 100 },
      },
    },
  },
});
