import process from 'node:process';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Packages import each other's sources, so that nothing has to be built before a test runs.
const conditions = ['@ubmsc/source', 'module', 'node', 'development|production'];

// `npm run test:exhaustive`: only the files whose counts are larger there, and those that `npm test` leaves out.
const isExhaustive = process.env['UBMSC_EXHAUSTIVE'] === '1';
const kind = isExhaustive ? '{exhaustive,thorough}.test' : 'test';

// Files that take minutes with their full counts: what is begun first leaves no processor idle at the end.
const longest = ['damage', 'withheld-lagging', 'withheld', 'screen-fuzz', 'capture-fuzz', 'unread-terminal'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number =>
      longest.toReversed().findIndex((name) => moduleId.includes(`/${name}.`));
    // oxlint-disable-next-line unicorn/no-array-sort -- it is not that of arrays
    return (await super.sort(files)).toSorted((one, other) => place(other) - place(one));
  }
}

// React as it is shipped: the one that warns developers takes half as long again. `npm test` has that one.
if (isExhaustive) process.env['NODE_ENV'] = 'production';

// Each process that a test starts would read these files again, which takes longer than many commands do.
delete process.env['NODE_EXTRA_CA_CERTS'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [`{src,page}/**/*.${kind}.{ts,tsx}`],
    exclude: ['**/node_modules/**', ...(isExhaustive ? [] : ['**/*.thorough.test.ts'])],
    ...(isExhaustive && { sequence: { sequencer: LongestFirst } }),
    passWithNoTests: true,
    experimental: { fsModuleCache: true }, // half of a second run is translating what has not changed
    restoreMocks: true,
    unstubEnvs: true,
    execArgv: ['--expose-gc'], // for what is said of memory
    // Only a test that hangs: on a busy machine, one that computes may take many times as long as alone.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 300_000 } },
  },
});
