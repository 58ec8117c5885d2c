// What acceptance costs in both ways: undamaged records that it withholds, and damaged ones that it takes for true.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const reporter = fileURLToPath(new URL('print-tables.js', import.meta.url));

/** Prints the tables of the tests that measure both; all cases with UBMSC_EXHAUSTIVE=1. */
export function measureAcceptance() {
  for (const [place, files] of [
    ['..', 'src/acceptance'],
    ['../../session', 'src/damage'],
  ]) {
    const cwd = fileURLToPath(new URL(`${place}/`, import.meta.url));
    spawnSync(process.execPath, [vitest, 'run', files ?? '', '--reporter', reporter], {
      cwd,
      stdio: 'inherit',
    });
  }
}
