import { readingWith } from '@ubmsc/testing';
import { describe, expect, test } from 'vitest';
import { judge, performanceData } from './judge.ts';
import { isWell, rangesOf } from './ranges.ts';

describe('a range', () => {
  test.each([
    ['20:', 20, true],
    ['20:', 19.9, false],
    ['50', 50, true],
    ['50', -1, false],
    ['~:0', -5, true],
    ['5:40', 41, false],
    ['@1:5', 3, false],
    ['@1:5', 6, true],
  ])('%s with %d: %s', (text, value, expected) => {
    const [range] = rangesOf([`remain_percent=${text}`]);
    expect(range && isWell(range, value)).toBe(expected);
  });

  test.each([
    'remain_percent',
    'nothing=3',
    'alarms=0',
    'remain_percent=x',
    'remain_percent=5:1',
    'remain_percent=@',
  ])('%s is refused', (text) => {
    expect(() => rangesOf([text])).toThrow(/is not/);
  });
});

const ranges = (warning: readonly string[], critical: readonly string[]): Parameters<typeof judge>[1] => ({
  warning: rangesOf(warning),
  critical: rangesOf(critical),
});

test('the worst counts, an alarm is critical, what is absent is unknown', () => {
  const of = ranges(['remain_percent=20:'], ['remain_percent=10:', 'cell_voltage=2.8:3.6']);
  const cells = { cellVoltage: [3.3, 3.31] };
  expect(judge(readingWith({ remainPercent: 50, ...cells }), of)).toEqual({ level: 0, text: 'all is well' });
  expect(judge(readingWith({ remainPercent: 15, ...cells }), of)).toMatchObject({ level: 1 });
  expect(judge(readingWith({ remainPercent: 5, ...cells }), of)).toMatchObject({ level: 2 });
  expect(judge(readingWith({ remainPercent: 50, cellVoltage: [3.3, 3.7] }), of)).toEqual({
    level: 2,
    text: 'cell_voltage is 3.7, not 2.8:3.6',
  });
  expect(judge(readingWith({ remainPercent: 50, alarms: ['cellUnderVoltage'], ...cells }), of).level).toBe(2);
  expect(judge(readingWith({ remainPercent: null, ...cells }), of)).toMatchObject({ level: 3 });
});

test('a switch is 0 or 1, and a list without values is not known', () => {
  const critical = rangesOf(['charge_mosfet=1:', 'heating=0', 'battery_temperature=5:40']);
  const judged = (battery: Parameters<typeof readingWith>[0]): string =>
    judge(readingWith({ heating: false, ...battery }), { warning: [], critical }).text;
  expect(judged({ chargeMosfet: true, batteryTemperature: [20] })).toBe('all is well');
  expect(judged({ chargeMosfet: false, batteryTemperature: [] })).toBe(
    'charge_mosfet is 0, not 1:, battery_temperature is not known',
  );
});

test('performance data have labels that cannot break out of their quotes', () => {
  const text = performanceData(
    "O'Neill=",
    readingWith({ remainPercent: 50 }),
    ranges(['remain_percent=20:'], []),
  );
  expect(text).toContain("'O_Neill_ remain_percent'=50%;20:;");
});
