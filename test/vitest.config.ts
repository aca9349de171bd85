import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    coverage: {
      include: ['src/**'],
      exclude: ['src/main.ts'],
      thresholds: {
        branches: 90,
        'src/spec/**': { branches: 100 },
        'src/reconcile/**': { branches: 100 },
      },
    },
  },
});
