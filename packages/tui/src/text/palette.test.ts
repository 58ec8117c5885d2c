import { describe, expect, test } from 'vitest';
import { roles, span } from './line.ts';
import { paint, palette, themes, type ColorDepth } from './palette.ts';

const depths: readonly ColorDepth[] = [1, 4, 8, 24];

/** SGR parameters of a hue, in the form of each depth. */
const hues: Readonly<Record<ColorDepth, RegExp>> = {
  1: /^$/,
  4: /^(3[0-7]|9[0-7])$/,
  8: /^38;5;\d{1,3}$/,
  24: /^38;2;\d{1,3};\d{1,3};\d{1,3}$/,
};

describe.each(themes)('the %s palette', (theme) => {
  test.each(depths)('of %d bits uses no other way to colour', (depth) => {
    const look = palette(theme, depth);
    for (const role of roles) {
      const hue = look[role].replace(/^[127](;|$)/, '');
      if (hue !== '') expect([role, hue]).toEqual([role, expect.stringMatching(hues[depth])]);
    }
  });

  test('tells the lowest cell from the highest, and charging from discharging, in every depth with colours', () => {
    for (const depth of [4, 8, 24] as const) {
      const { low, high, charge, discharge } = palette(theme, depth);
      expect(low).not.toBe(high);
      expect(charge).not.toBe(discharge);
    }
  });
});

test('without colours, weight still tells what matters', () => {
  expect(paint([span('! ALARM', 'alarm'), span(' none', 'text')], palette('dark', 1))).toBe(
    '\u{1b}[1m! ALARM\u{1b}[0m none',
  );
});

test('every piece ends its own look', () => {
  expect(paint([span('a', 'low'), span('b')], palette('dark', 4))).toBe('\u{1b}[33ma\u{1b}[0mb');
});
