import fc from 'fast-check';
import { InvalidArgumentError } from 'commander';
import { describe, expect, test } from 'vitest';
import { localTime, parseMoment, utcTime } from './times.ts';

const seconds = fc.integer({ min: -1_000_000_000, max: 10_000_000_000 }).map((second) => second * 1000);

describe('a time', () => {
  test('in UTC ends in Z and has no fraction', () => {
    expect(utcTime(Date.UTC(2025, 2, 4, 5, 6, 7))).toBe('2025-03-04T05:06:07Z');
  });

  test('by the clock on the wall says its offset, so that it is the same moment', () => {
    fc.assert(
      fc.property(seconds, (time) => {
        expect(localTime(time)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
        expect(Math.abs(Date.parse(localTime(time)) - time)).toBeLessThan(60_000);
      }),
    );
  });
});

describe('a moment', () => {
  const now = Date.UTC(2025, 2, 4, 5, 6, 7);

  test.each([
    ['90s', 90],
    ['5min', 300],
    ['5m', 300],
    ['12h', 43_200],
    ['2d', 172_800],
    ['1.5 d', 129_600],
    ['1w', 604_800],
  ])('can be a duration before now: %s', (text, before) => {
    expect(parseMoment(text, now)).toBe(now - before * 1000);
  });

  test('can be a date of the calendar on the wall, with a time or without', () => {
    expect(parseMoment('2025-03-04', now)).toBe(new Date(2025, 2, 4).getTime());
    expect(parseMoment('2025-03-04T05:06', now)).toBe(new Date(2025, 2, 4, 5, 6).getTime());
    expect(parseMoment('2025-03-04 05:06:07', now)).toBe(new Date(2025, 2, 4, 5, 6, 7).getTime());
  });

  test('can be what this program prints', () => {
    expect(parseMoment(utcTime(now), 0)).toBe(now);
    expect(parseMoment(localTime(now), 0)).toBe(now);
  });

  test.each([
    '',
    'x',
    '2',
    'd',
    '2x',
    '-2d',
    '2025',
    '2025-13-01',
    '2025-02-30',
    '2025-02-29T05:06',
    '2025-03-04T',
    '2025-03-04Tnoon',
  ])('is not %j', (text) => {
    expect(() => parseMoment(text, now)).toThrow(InvalidArgumentError);
  });
});
