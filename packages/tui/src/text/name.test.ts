import { anyCharacter } from '@ubmsc/testing/any-character';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { showName } from './name.ts';
import { displayWidth } from './width.ts';

describe('the name of a battery', () => {
  test('cannot move the cursor, change colours or reverse the direction of writing', () => {
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    const control = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (name) => {
        expect(showName(name)).not.toMatch(control);
      }),
    );
    expect(showName('\u{1b}[2J\u{202e}VAN')).not.toMatch(control);
    expect(showName('\u{1b}[2J\u{202e}VAN')).toContain('VAN');
  });

  test('is cut to the width that it has, however long it is', () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 300 });
    fc.assert(
      fc.property(name, fc.integer({ min: 1, max: 40 }), (text, width) => {
        expect(displayWidth(showName(text, width))).toBeLessThanOrEqual(width);
      }),
    );
    expect(showName('A'.repeat(200), 10)).toBe('AAAAAAAAA…');
  });

  test('keeps letters with their accents, and of composed emoji what every terminal shows alike', () => {
    expect(showName('Zoë')).toBe('Zoë');
    expect(showName('Zoe\u{308}')).toBe('Zoë');
    expect(showName('👨‍👩‍👧 van')).toBe('👨 van');
    expect(showName('❤️')).toBe('❤');
  });

  test('that is written from right to left does not drag the numbers after it along', () => {
    expect(showName('סוללה')).toBe('סוללה\u{200e}');
    expect(showName('بطارية', 4)).toMatch(/…\u{200e}$/u);
  });
});
