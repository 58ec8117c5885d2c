import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatRecord, parseRecord, sealed, unsealed, type Entry } from './record.ts';

const entry: fc.Arbitrary<Entry> = fc.record({
  id: fc.integer({ min: 1, max: 2 ** 40 }),
  moment: fc.record({
    time: fc.integer({ min: 0, max: 2 ** 42 }),
    uptime: fc.integer({ min: 0, max: 2 ** 42 }),
    boot: fc.uuid(),
  }),
  samples: fc.nat(),
  body: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
});

const lineOf = (record: Buffer): Buffer => record.subarray(1, -1);

test('a record stands between two line ends, has none in it, and reads as it was', () => {
  fc.assert(
    fc.property(entry, (written) => {
      const record = formatRecord(written);
      expect([record[0], record.at(-1), lineOf(record).includes(10)]).toEqual([10, 10, false]);
      expect(parseRecord(lineOf(record).toString())).toEqual(written);
    }),
  );
});

test('one changed byte anywhere makes it unreadable', () => {
  fc.assert(
    fc.property(entry, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, at, flip) => {
      const line = Buffer.from(lineOf(formatRecord(written)));
      const index = at % line.length;
      line[index] = (line[index] ?? 0) ^ flip;
      expect(parseRecord(line.toString('latin1'))).toBeUndefined();
    }),
  );
});

test('any line is a record or not, and never an error', () => {
  fc.assert(fc.property(fc.string(), (line) => void parseRecord(line)));
});

test('a small file is whole or not', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), fc.nat(), (content, at) => {
      const text = sealed(content);
      expect(unsealed(text)).toBe(content);
      expect(unsealed(text.slice(0, at % text.length))).toBeUndefined();
    }),
  );
});
