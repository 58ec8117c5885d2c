import { defineConfig } from 'vitest/config';

// Packages import each other's sources, so that nothing has to be built before a test runs.
const conditions = ['@ubmsc/source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    testTimeout: 20_000,
  },
});
