import { faults, type FaultName } from '@ubmsc/simulator';
import { expect, test } from 'vitest';
import { evenChances, noteOutcome } from './check-cases.ts';
import { startFakeClock } from './fake-clock.ts';
import { collectWarnings, holdings, leaks } from './leaks.ts';
import { run } from './scenario.ts';

/** Faults of the adapter itself, which every battery of it has. */
const ofTheAdapter: ReadonlySet<string> = new Set<FaultName>([
  'scan-mute',
  'scan-stop-after',
  'stop-hang',
  'foreign-links',
  'state-stuck',
  'vanish',
  'power-cycle',
  // It goes on connecting, and nothing else can be connected until it is reopened.
  'lost-connection-complete',
]);

/** Damage that nobody has seen may pass for true in the battery that has it. */
const stressTests: ReadonlySet<string> = new Set(
  Object.entries(faults).flatMap(([name, row]) => ('isStressTest' in row && row.isStressTest ? [name] : [])),
);

test.each(Object.keys(faults).filter((name) => !ofTheAdapter.has(name)))(
  '%s of one battery costs the other one on the same adapter neither its link nor a reading',
  { timeout: 60_000 },
  async (name) => {
    evenChances();
    using collected = collectWarnings();
    const before = holdings();
    using clock = startFakeClock();
    const outcome = await run({ faults: [name], batteries: 2, ofTheOther: true, lasts: 120 }, clock);
    const left = leaks(before, holdings(), clock.timers);
    await noteOutcome(`the neighbour of ${name}`, outcome, left);
    expect(outcome.report.connects).toBe(1);
    expect(outcome.live).toBeGreaterThan(0.85);
    if (!stressTests.has(name)) expect(outcome.wrong).toBe(0);
    expect(left).toEqual([]);
    expect(collected.warnings).toEqual([]);
  },
);
