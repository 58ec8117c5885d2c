import { describe, expect, test } from 'vitest';
import { clock, duration, millivolts, quantity, signed } from './numbers.ts';

describe('a quantity', () => {
  test('has its unit, and a dash where there is none', () => {
    expect(quantity(53.0125, 2, 'V')).toBe('53.01 V');
    expect(quantity(null, 2, 'V')).toBe('–');
    expect(quantity(Number.NaN, 2, 'V')).toBe('–');
    expect(millivolts(0.0061)).toBe('6 mV');
    expect(millivolts(null)).toBe('–');
  });

  test('shows by its sign whether the battery is charged, but nothing is not negative', () => {
    expect(signed(12.4, 1, 'A')).toBe('+12.4 A');
    expect(signed(-12.4, 1, 'A')).toBe('-12.4 A');
    expect(signed(-0.01, 1, 'A')).toBe('0.0 A');
    expect(signed(0.01, 1, 'A')).toBe('0.0 A');
  });
});

describe('a duration', () => {
  test.each([
    [-5, '0 s'],
    [0.4, '0 s'],
    [12, '12 s'],
    [60, '1 min'],
    [252, '4 min 12 s'],
    [3600 + 59, '1 h'],
    [2 * 86_400 + 3 * 3600, '2 d 3 h'],
  ])('of %d s is %s', (seconds, words) => expect(duration(seconds)).toBe(words));

  test('can be told in its largest unit alone', () => expect(duration(252, 1)).toBe('4 min'));
});

test('what is not a time is shown as such', () => {
  expect(clock(Number.NaN)).toBe('--:--:--');
  expect(clock(0)).toMatch(/^\d\d:\d\d:\d\d$/);
});
