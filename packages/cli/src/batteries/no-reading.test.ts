import { statusWith } from '@ubmsc/testing/made-source';
import { afterEach, expect, test, vi } from 'vitest';
import { captureOutput } from '../../test/capture-output.ts';
import { tellNoReading } from './no-reading.ts';

afterEach(() => void vi.restoreAllMocks());

test.each([
  ['searching', undefined, 4, /^ubmsc: house was not received; it is held by another program/],
  ['identifying', undefined, 5, /^ubmsc: house has sent no reading yet: identifying; allow more time,/],
  ['lost', 'linkLost', 5, /house +lost$/],
] as const)('a battery that is %s for the reason %s ends a watch with %i', (state, reason, code, text) => {
  const written = captureOutput();
  expect(tellNoReading([statusWith({ device: 'house', state, reason })])).toBe(code);
  expect(written.stderr.trimEnd()).toMatch(text);
});
