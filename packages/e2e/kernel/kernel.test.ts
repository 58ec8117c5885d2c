import { isExhaustive } from '@ubmsc/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { facts, thoroughFacts } from './facts.ts';
import { bootGuest, makeImage, whatIsMissing, type Guest } from './guest-machine.ts';

const missing = whatIsMissing();

/** Exit code with which a script says that it was skipped. */
const SKIPPED = 77;

const suites = isExhaustive ? (['trixie', 'bookworm'] as const) : (['trixie'] as const);
const tried = isExhaustive ? { ...facts, ...thoroughFacts } : facts;

/** Facts come one after the other, and each test waits for its own. */
const WAIT = { timeout: isExhaustive ? 3 * 3_600_000 : 600_000 };

/** Seconds that a fact may take: only one that hangs, on a machine that has other work, takes as long. */
const LIMIT = isExhaustive ? 1500 : 300;

/** Machines at the same time, each of which emulates one processor. */
const MACHINES = 2;

/** Facts take turns on the machines. */
const numbered = Object.entries(tried).map(([name, fact], number) => ({
  name,
  fact,
  machine: number % MACHINES,
}));

describe.skipIf(missing !== undefined).each(suites)(
  `on a kernel of Debian %s${missing ? ` (skipped: ${missing})` : ''}`,
  (suite) => {
    let guests: readonly Guest[] = [];
    beforeAll(async () => {
      const image = await makeImage(suite);
      guests = Array.from({ length: MACHINES }, (_, number) => {
        const own = numbered.filter(({ machine }) => machine === number).map(({ name }) => name);
        return bootGuest(image, own, LIMIT);
      });
    });
    afterAll(async () => {
      for (const guest of guests) await guest[Symbol.asyncDispose]();
    });

    test.for(numbered)('$name: $fact', WAIT, async ({ name, machine }, { skip }) => {
      const outcome = await guests[machine]?.outcome(name);
      if (!outcome) throw new Error('the machine was not booted');
      const { code, text } = outcome;
      if (code === SKIPPED) skip(text.trim());
      expect(code, text).toBe(0);
    });
  },
);
