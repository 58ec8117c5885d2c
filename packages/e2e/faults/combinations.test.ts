import { faults } from '@ubmsc/simulator';
import { expect, test } from 'vitest';
import { areSeen, evenChances, LIVE_AGAIN, noteOutcome } from './check-cases.ts';
import { startFakeClock } from './fake-clock.ts';
import { collectWarnings, holdings, leaks } from './leaks.ts';
import { run } from './scenario.ts';

/** How many faults happen at once, and in how many combinations. */
const AT_ONCE = 3;
const COMBINATIONS = 60;

/** Combinations that are the same in every run, and in which every fault has its turn. */
function combinations(): string[][] {
  const names = Object.keys(faults);
  // Steps that have no factor in common with the number of faults come round to each of them.
  const steps = [1, 23, 41];
  return Array.from({ length: COMBINATIONS }, (_, turn) =>
    steps.slice(0, AT_ONCE).map((step, index) => names[(7 * index + step * turn) % names.length] ?? ''),
  );
}

test.each(combinations().map((specs) => [specs.join(' '), specs] as const))(
  '%s at once: the battery comes back, and shows nothing wrong',
  { timeout: 60_000 },
  async (written, specs) => {
    evenChances();
    using collected = collectWarnings();
    const before = holdings();
    using clock = startFakeClock();
    const outcome = await run({ faults: specs, lasts: 120 }, clock);
    const left = leaks(before, holdings(), clock.timers);
    await noteOutcome(written, outcome, left);
    if (areSeen(specs)) expect(outcome.wrong).toBe(0);
    expect(outcome.liveAgain).toBeLessThan(LIVE_AGAIN);
    expect(left).toEqual([]);
    expect(collected.warnings).toEqual([]);
  },
);
