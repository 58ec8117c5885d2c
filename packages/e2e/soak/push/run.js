// Runs the soak of pushing against the built command: npm run soak:push -- --minutes 60
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const { status } = spawnSync('vitest', ['run', '--config', 'soak/push/vitest.config.ts'], {
  stdio: 'inherit',
  env: { ...process.env, UBMSC_SOAK_MINUTES: values.minutes },
});
process.exitCode = status ?? 1;
