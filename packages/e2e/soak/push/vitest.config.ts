import { defineConfig } from 'vitest/config';
import base from '../../../../vitest.base.ts';

/** The longest soak, in milliseconds. */
const DAY = 86_400_000;

export default defineConfig({
  ...base,
  test: { ...base.test, include: ['soak/push/*.test.ts'], testTimeout: DAY, hookTimeout: 60_000 },
});
