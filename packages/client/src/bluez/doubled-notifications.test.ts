import { expect, test } from 'vitest';
import { DoubledNotifications } from './doubled-notifications.ts';

const record = [
  Buffer.from('55aaeb900201', 'hex'),
  Buffer.from([1]),
  Buffer.from([0]),
  Buffer.from([0]),
  Buffer.from([0]),
  Buffer.from([2]),
];
const later = [Buffer.from('55aaeb900202', 'hex'), ...record.slice(1)];
const acknowledge = [Buffer.from('aa5590ebc8010100', 'hex')];

/** What is left without copies, of notifications that come each `copies` times, and whether they are taken for doubled. */
function received(notifications: readonly Buffer[], copies: number, doubled = new DoubledNotifications()) {
  const kept = notifications.flatMap((value) =>
    Array.from({ length: copies }, () => value).filter((each) => !doubled.isCopy(each, 0)),
  );
  return { kept, areDoubled: doubled.areDoubled };
}

test.each([1, 2, 3, 5])('of notifications that come %i times each, one is left', (copies) => {
  const all = [...record, ...acknowledge, ...later];
  expect(received(all, copies)).toEqual({ kept: all, areDoubled: copies > 1 });
});

test('how many copies there are is counted again with each record', () => {
  const doubled = new DoubledNotifications();
  for (const copies of [1, 3, 2, 1, 2])
    for (const part of [record, later]) expect(received(part, copies, doubled).kept).toEqual(part);
});

test('a battery that sends the same record again and again is received each time', () => {
  const doubled = new DoubledNotifications();
  const whole = Buffer.concat(record);
  expect([0, 200, 201, 400].map((time) => doubled.isCopy(whole, time))).toEqual([false, false, true, false]);
});
