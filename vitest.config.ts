import { defineConfig } from 'vitest/config';
import base from './vitest.base.ts';

// All packages in one pool of processes. Half of the tests wait for the command and for batteries: more processes than
// processors keep those busy. Files share a process and its modules one after the other: what a file changes of them, it
// puts back.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: (base.test?.include ?? []).map((files) => `packages/*/${files}`),
    maxWorkers: 4,
    isolate: false,
  },
});
