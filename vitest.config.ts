import { defineConfig } from 'vitest/config';
import base from './vitest.base.ts';

// All packages in one pool of processes, each of which loads a module once. Half of the tests wait for the command and
// for batteries: more processes than processors keep those busy.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: (base.test?.include ?? []).map((files) => `packages/*/${files}`),
    isolate: false,
    maxWorkers: 4,
  },
});
