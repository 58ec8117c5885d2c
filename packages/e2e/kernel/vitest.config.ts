import { defineConfig } from 'vitest/config';
import base from '../../../vitest.base.ts';

// One machine boots once, and each test waits for its own fact.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['kernel/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
