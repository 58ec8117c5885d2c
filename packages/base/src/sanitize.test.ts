import { describe, expect, test } from 'vitest';
import { sanitize } from './sanitize.ts';

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('text for a terminal', () => {
  test.each([
    ['C0 controls', range(0, 0x1f)],
    ['DEL and C1 controls', range(0x7f, 0x9f)],
    ['line and paragraph separators', range(0x2028, 0x2029)],
    ['marks of direction', [0x061c, 0x200e, 0x200f]],
    ['embedded directions and overrides', range(0x202a, 0x202e)],
    ['isolated directions', range(0x2066, 0x2069)],
    ['lone surrogates', [0xd800, 0xdfff]],
  ])('has no %s', (_, codes) => {
    for (const code of codes) expect(sanitize(`a${String.fromCharCode(code)}b`)).toBe('a\u{fffd}b');
  });

  test('keeps every other character', () => {
    const harmless = 'JK_BMS "1" \\ é Ω ℃ 漢字 שלום 🔋\u{a0}\u{200d}';
    expect(sanitize(harmless)).toBe(harmless);
  });

  test('can show what was there', () => {
    expect(sanitize('\u{1b}[2J', () => '<ESC>')).toBe('<ESC>[2J');
  });
});
