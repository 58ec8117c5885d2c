import process from 'node:process';

/** Whether a developer waits for the tests: then a property is tried a few times only. */
export const isExhaustive = process.env['UBMSC_EXHAUSTIVE'] === '1';

/**
 * How often something is tried: `few` times in `npm test`, `all` in `npm run test:exhaustive`, which runs the files
 * called `*.exhaustive.test.ts` alone.
 */
export function times(few: number, all: number): number {
  return isExhaustive ? all : few;
}
