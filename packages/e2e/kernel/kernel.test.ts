import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { facts } from './facts.ts';
import { bootGuest, makeImage, whatIsMissing, type Guest } from './guest-machine.ts';

const missing = whatIsMissing();

/** Exit code with which a script says that it was skipped. */
const SKIPPED = 77;

describe.skipIf(missing !== undefined)(
  `on a kernel of Debian 13${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let guest: Guest;
    beforeAll(async () => {
      guest = bootGuest(await makeImage(), Object.keys(facts));
    });
    afterAll(async () => await guest[Symbol.asyncDispose]());

    test.for(Object.entries(facts))('%s: %s', async ([name], { skip }) => {
      const { code, text } = await guest.outcome(name);
      if (code === SKIPPED) skip(text.trim());
      expect(code, text).toBe(0);
    });
  },
);
