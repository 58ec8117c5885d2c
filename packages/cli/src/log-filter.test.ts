import { UsageError } from '@ubmsc/base';
import { describe, expect, test } from 'vitest';
import { parseLogFilter } from './log-filter.ts';

const admits = (
  filter: string,
  level: 'error' | 'warn' | 'info' | 'debug' | 'trace',
  target = 'ubmsc::link',
): boolean => parseLogFilter(filter)({ level, target });

describe('a log filter', () => {
  test('of one level admits that level and what matters more', () => {
    expect([admits('info', 'warn'), admits('info', 'info'), admits('info', 'debug')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('of a target admits what is below it and nothing else', () => {
    expect(admits('ubmsc=debug', 'debug')).toBe(true);
    expect(admits('ubmsc::adapter=debug', 'debug')).toBe(false);
    expect(admits('ubm=debug', 'debug')).toBe(false);
  });

  test('takes the longest target that applies', () => {
    expect(admits('warn,ubmsc::link=trace', 'trace')).toBe(true);
    expect(admits('ubmsc::link=off,ubmsc=trace', 'error')).toBe(false);
  });

  test('is switched off by off', () => {
    expect(admits('off', 'error')).toBe(false);
  });

  test.each(['', 'loud', 'ubmsc=', 'ubmsc=loud', 'info,'])('%j is refused', (filter) => {
    expect(() => parseLogFilter(filter)).toThrow(UsageError);
  });
});
