import { expect, test } from 'vitest';
import { encode } from './layout.ts';
import { cellDataJk02_32s } from './layouts/jk02-32s/cell-data.ts';
import { TimedParser, type Pause, type TimedItem } from './timed-parser.ts';

const record = encode(cellDataJk02_32s, { frameCounter: 7 }).bytes;

const pausesIn = (items: readonly TimedItem[]): (readonly Pause[])[] =>
  items.flatMap((item) => (item.kind === 'frame' ? [item.pauses] : []));

test('a record that comes in one go has no pauses', () => {
  const parser = new TimedParser();
  parser.push(record.subarray(0, 150), 1000);
  expect(pausesIn(parser.push(record.subarray(150), 1040))).toEqual([[]]);
});

test('a record says where it waited for its rest, and how long', () => {
  const parser = new TimedParser();
  parser.push(Uint8Array.of(1, 2, 3), 0); // noise before it does not count
  parser.push(record.subarray(0, 20), 1000);
  parser.push(record.subarray(20, 170), 1500);
  expect(pausesIn(parser.push(record.subarray(170), 1650))).toEqual([
    [
      { at: 20, length: 500 },
      { at: 170, length: 150 },
    ],
  ]);
});

test('the time between two records does not count as a pause of either', () => {
  const parser = new TimedParser();
  expect(pausesIn(parser.push(record, 0))).toEqual([[]]);
  expect(pausesIn(parser.push(record, 540))).toEqual([[]]);
});

test('a pause before a record that a cut-off one hides does not count as its own', () => {
  const parser = new TimedParser();
  parser.push(record.subarray(0, 100), 0);
  expect(pausesIn(parser.push(record, 540))).toEqual([[]]);
});

test('a copy knows the same pauses', () => {
  const parser = new TimedParser();
  parser.push(record.subarray(0, 20), 0);
  parser.push(record.subarray(20, 40), 400);
  expect(pausesIn(parser.copy().push(record.subarray(40), 401))).toEqual([[{ at: 20, length: 400 }]]);
});
