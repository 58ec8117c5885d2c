import { defineConfig } from 'vitest/config';
import base from '../../../vitest.base.ts';

// One after the other: each file has servers of its own, and waits for them.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['servers/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
