import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

describe('a duration is written', () => {
  test.each([
    [0, '0 s'],
    [0.5, '0.5 s'],
    [60, '1 min'],
    [252, '4 min 12 s'],
    [3600 + 59, '1 h 59 s'],
    [19 * 86_400 + 18 * 3600 + 45 * 60, '19 d 18 h 45 min'],
    [-90, '-1 min 30 s'],
    [Infinity, '?'],
    [NaN, '?'],
  ])('%d s: %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

  test.each([
    [252, 1, '4 min'],
    [3600 + 59, 2, '1 h'],
    [90_061, 2, '1 d 1 h'],
  ])('%d s in %d units: %s', (seconds, most, text) => expect(formatDuration(seconds, most)).toBe(text));

  test('so that its parts, read again, add up to it', () => {
    fc.assert(
      fc.property(fc.nat(), (seconds) => {
        const parts = formatDuration(seconds).match(/\d+ [a-z]+/g) ?? [];
        expect(parts.reduce((sum, part) => sum + (parseDuration(part) ?? NaN), 0)).toBe(seconds);
      }),
    );
  });
});

describe('a duration is read', () => {
  test.each([
    ['500ms', 0.5],
    ['30s', 30],
    ['5min', 300],
    ['5m', 300],
    ['12h', 43_200],
    ['1.5 d', 129_600],
    ['1w', 604_800],
  ])('%s', (text, seconds) => expect(parseDuration(text)).toBe(seconds));

  test('a number alone only where a unit for it is given', () => {
    expect(parseDuration('90', 1)).toBe(90);
    expect(parseDuration('90')).toBeUndefined();
  });

  test.each(['', 's', '2x', '-2d', '1,5h', '1h30m', '2 constructor'])('%j is not a duration', (text) => {
    expect(parseDuration(text, 1)).toBeUndefined();
  });
});
