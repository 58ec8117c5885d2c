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

describe.skipIf(missing !== undefined).each(suites)(
  `on a kernel of Debian %s${missing ? ` (skipped: ${missing})` : ''}`,
  (suite) => {
    let guest: Guest;
    beforeAll(async () => {
      guest = bootGuest(await makeImage(suite), Object.keys(tried), LIMIT);
    });
    afterAll(async () => await guest[Symbol.asyncDispose]());

    test.for(Object.entries(tried))('%s: %s', WAIT, async ([name], { skip }) => {
      const { code, text } = await guest.outcome(name);
      if (code === SKIPPED) skip(text.trim());
      expect(code, text).toBe(0);
    });
  },
);
