import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { fit, lineWidth, plainText, span, spread, type Line } from './line.ts';
import { showName } from './name.ts';
import { inCharacters, signs } from './signs.ts';
import { displayWidth } from './width.ts';

const grapheme = fc.string({ unit: 'grapheme', maxLength: 20 });
const anyLine = fc.array(
  grapheme.map((text): Line[number] => span(showName(text))),
  { maxLength: 6 },
);

describe('a line', () => {
  test('fitted into a width has that width, whatever is in it', () => {
    fc.assert(
      fc.property(anyLine, fc.nat(60), (line, width) => {
        expect(lineWidth(fit(line, width))).toBe(width);
      }),
    );
  });

  test('that is cut ends in an ellipsis', () => {
    expect(plainText(fit([span('charging and'), span(' discharging')], 15))).toBe('charging and d…');
  });

  test('gives way to what stands at its right', () => {
    expect(plainText(spread([span('a long name')], [span('SIMULATED')], 15))).toBe('a lon…SIMULATED');
  });

  test('is as wide as Ink takes it for', () => {
    fc.assert(
      fc.property(grapheme, (text) => {
        expect(displayWidth(text)).toBe(stringWidth(text));
      }),
    );
    for (const sign of Object.values(signs).flat()) expect([sign, stringWidth(sign)]).toEqual([sign, 1]);
  });
});

test('in ASCII a text is as wide as before', () => {
  fc.assert(
    fc.property(grapheme, (text) => {
      const ascii = inCharacters(text, 'ascii');
      expect(ascii).toMatch(/^[\u0020-\u007e]*$/);
      expect(ascii.length).toBe(displayWidth(text));
    }),
  );
  expect(inCharacters('▼ lowest – 52 mohm, 21.3 °C', 'ascii')).toBe('v lowest - 52 mohm, 21.3  C');
});
