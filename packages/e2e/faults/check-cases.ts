import { sanitize } from '@ubmsc/base';
import { faults, type FaultRow } from '@ubmsc/simulator';
import { expect, inject, test, vi } from 'vitest';
import type { Case, Cases } from './case.ts';
import { startFakeClock } from './fake-clock.ts';
import { collectWarnings, holdings, leaks } from './leaks.ts';
import { run, type Outcome } from './scenario.ts';
import { note } from './table.ts';

/** Readings count as coming all the time when this part of it is live: the start takes its time. */
const NEARLY_ALL = 0.85;

/**
 * How long readings may take to come back when all is well again, in seconds: the longest pause between two tries is a
 * minute, and then there is a session to be made.
 */
export const LIVE_AGAIN = 75;

/** Declares a test of each case. */
export function checkCases(cases: Cases): void {
  const all = Object.entries(cases).flatMap(([name, each]) =>
    each.map((one) => [title(name, one), name, one] as const),
  );
  test.each(all)(
    '%s: the battery comes back, and shows nothing wrong',
    { timeout: 60_000 },
    async (written, name, each) => {
      evenChances();
      using collected = collectWarnings();
      const before = holdings();
      using clock = startFakeClock();
      const outcome = await run({ ...each, faults: specsOf(name, each) }, clock);
      const left = leaks(before, holdings(), clock.timers);
      await noteOutcome(written, outcome, left);
      if (each.seen === 'live') expect(outcome.live).toBeGreaterThan(NEARLY_ALL);
      else expect(outcome.seen).toEqual(expect.arrayContaining([...each.seen]));
      if (areSeen(specsOf(name, each))) expect(outcome.wrong).toBe(0);
      expect(outcome.liveAgain).toBeLessThan(LIVE_AGAIN);
      expect(left).toEqual([]);
      expect(collected.warnings).toEqual([]);
      expect(outcome.report.connected).toBe(false);
      expect(outcome.report.otherAccesses).toEqual({});
    },
  );
}

/** Whether all of these faults happen in the field; wrong readings may come of others. */
export function areSeen(specs: readonly string[]): boolean {
  const table: Readonly<Record<string, FaultRow>> = faults;
  return specs.every((spec) => !table[spec.split('=')[0] ?? '']?.isStressTest);
}

/** Pauses between tries are left to chance: in a test, the same chances come in every run, and none is rare. */
export function evenChances(): void {
  let chance = 0;
  vi.spyOn(Math, 'random').mockImplementation(() => (chance = (chance + 0.381966) % 1));
}

/** Puts what a run came to into the table. */
export async function noteOutcome(fault: string, outcome: Outcome, left: readonly string[]): Promise<void> {
  const { seen, live, liveAgain, readings, wrong, message } = outcome;
  const verdicts = seen.filter((each) => each.includes('/'));
  await note(inject('rows'), {
    fault,
    outcome: [`live ${Math.round(live * 100)} %`, ...verdicts].join(', '),
    liveAgain: liveAgain === undefined ? 'never' : `${liveAgain.toFixed(1)} s`,
    readings,
    wrong,
    leaks: left.join(', ') || '-',
    message: sanitize(message),
  });
}

function specsOf(name: string, { value, and = [] }: Case): string[] {
  return [value === undefined ? name : `${name}=${value}`, ...and];
}

function title(name: string, each: Case): string {
  const { profile, batteries } = each;
  const where = profile ? ` on ${profile}` : batteries ? ` with ${batteries} batteries` : '';
  return sanitize(specsOf(name, each).join(' ') + where);
}
