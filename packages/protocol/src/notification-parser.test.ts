import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sealFrame } from './frame.ts';
import { encode } from './layout.ts';
import { cellDataJk02_32s } from './layouts/jk02-32s/cell-data.ts';
import { NotificationParser } from './notification-parser.ts';
import { heartbeat } from './request.ts';
import { StreamParser, type StreamItem } from './stream-parser.ts';

const record = (frameCounter: number): Uint8Array =>
  encode(cellDataJk02_32s, { frameCounter, cellVoltages: [3.3, 3.301, 3.302], packVoltage: 9.903 }).bytes;

const cut = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );

const counters = (items: readonly StreamItem[]): number[] =>
  items.flatMap((item) => (item.kind === 'frame' ? [item.frame.counter] : []));

/** Notifications a millisecond apart, records half a second. */
function read(records: readonly (readonly Uint8Array[])[]): StreamItem[] {
  const parser = new NotificationParser();
  return records.flatMap((notifications, number) =>
    notifications.flatMap((bytes, index) => parser.push(bytes, number * 500 + index)),
  );
}

test('records whose every notification comes twice are read as if each had come once', () => {
  const records = [1, 2, 3].map((counter) => cut(record(counter), 20).flatMap((bytes) => [bytes, bytes]));
  expect(counters(read(records))).toEqual([1, 2, 3]);
});

test('any notifications may come twice, where no two of a record are alike by nature', () => {
  const distinct = (counter: number): Uint8Array => {
    const bytes = Uint8Array.from({ length: 300 }, (_, index) => (index * 7 + counter) % 251);
    bytes[5] = counter;
    return sealFrame('cellData', bytes).bytes;
  };
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 15, maxLength: 45 }), (twice) => {
      const records = [1, 2, 3].map((counter, number) =>
        cut(distinct(counter), 20).flatMap((bytes, index) =>
          twice[number * 15 + index] ? [bytes, bytes] : [bytes],
        ),
      );
      expect(counters(read(records))).toEqual([1, 2, 3]);
    }),
  );
});

test('equal notifications in a row that belong to the record are all taken', () => {
  const zeros = encode(cellDataJk02_32s, { frameCounter: 7 }).bytes;
  const notifications = cut(zeros, 20);
  expect(Buffer.from(notifications[3] ?? []).equals(notifications[4] ?? Buffer.of(1))).toBe(true);
  expect(counters(read([notifications]))).toEqual([7]);
});

test('heartbeats may come between any two notifications of a record, at any size of these', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 20, max: 244 }),
      fc.array(fc.boolean(), { minLength: 45 }),
      (size, beats) => {
        const records = [1, 2, 3].map((counter, number) =>
          cut(record(counter), size).flatMap((bytes, index) =>
            beats[number * 15 + index] ? [bytes, heartbeat] : [bytes],
          ),
        );
        const items = read(records);
        expect(counters(items)).toEqual([1, 2, 3]);
        const beaten = records.flat().filter((bytes) => bytes === heartbeat).length;
        expect(items.filter(({ kind }) => kind === 'heartbeat')).toHaveLength(beaten);
      },
    ),
  );
});

test('a record that is cut off is given up though heartbeats go on', () => {
  const parser = new NotificationParser();
  parser.push(record(1).subarray(0, 200), 0);
  for (let time = 200; time < 2000; time += 200) parser.push(heartbeat, time);
  expect(counters(parser.push(record(2), 2000))).toEqual([2]);
});

test('a record whose rest does not come within a second is given up, and the next one is read', () => {
  const parser = new NotificationParser();
  const [first = new Uint8Array()] = cut(record(1), 128);
  expect(parser.push(first, 0)).toEqual([]);
  const items = parser.push(record(2), 1001);
  expect(items[0]).toMatchObject({ kind: 'discarded', reason: 'truncated' });
  expect(counters(items)).toEqual([2]);
});

test('without copies it finds what the stream parser finds', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 244 }), { maxLength: 12 }), (pieces) => {
      const parser = new NotificationParser();
      const plain = new StreamParser();
      pieces.forEach((bytes, index) => expect(parser.push(bytes, index * 10)).toEqual(plain.push(bytes)));
    }),
  );
});
