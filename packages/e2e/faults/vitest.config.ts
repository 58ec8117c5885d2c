import { defineConfig } from 'vitest/config';
import base from '../../../vitest.base.ts';

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['faults/**/*.test.ts'],
    globalSetup: 'faults/table.ts',
    // Those that wait for processes leave the time to those that compute.
    maxWorkers: 4,
  },
});
