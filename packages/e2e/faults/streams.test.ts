import { faults } from '@ubmsc/simulator';
import { expect, test } from 'vitest';
import { casesOfLinks } from './cases-of-links.ts';
import { casesOfStreams } from './cases-of-streams.ts';
import { checkCases } from './check-cases.ts';

test('every fault that the simulator knows has a case', () => {
  const known = Object.keys({ ...casesOfLinks, ...casesOfStreams });
  expect(known.toSorted()).toEqual(Object.keys(faults).toSorted());
});

checkCases(casesOfStreams);
