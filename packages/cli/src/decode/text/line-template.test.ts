import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineTemplate } from './line-template.ts';
import { UsualReading } from './usual-reading.ts';

const hex = (bytes: Uint8Array, separator: string): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(separator);

describe('a line that is written like the one before', () => {
  test('is read without its template, too, and gives the same', () => {
    const anyBytes = fc.uint8Array({ minLength: 8, maxLength: 150 });
    const before = fc.constantFrom(
      '[1715000000.123] Received notification: ',
      '12:34:56.789 RX ',
      '2024-05-06 12:34:56,789 DEBUG <<< ',
      'value: ',
      '',
    );
    fc.assert(
      fc.property(
        before,
        fc.constantFrom(' ', ':', '-', '.', ', ', ''),
        fc.array(anyBytes, { minLength: 2, maxLength: 6 }),
        (head, separator, all) => {
          const reading = new UsualReading();
          for (const bytes of all) {
            const line = `${head}${hex(bytes, separator)}`;
            expect(reading.read(line)).toEqual(new UsualReading().read(line));
          }
        },
      ),
    );
  });

  test.each([
    ['another word', 'got 55aaeb90', 'had 55aaeb90'],
    ['a character that is not a digit', 'value: 55 aa eb 90', 'value: 55 aa eb 9x'],
    ['another separator', 'value: 55 aa eb 90', 'value: 55 aa:eb 90'],
    ['half a byte', 'value: 55 aa eb 90', 'value: 55 aa eb 9'],
    ['fewer bytes than a message', 'value: 55 aa eb 90', 'value: 55 aa eb'],
    ['more after the data', 'value: 55 aa eb 90', 'value: 55 aa eb 90 (4)'],
  ])('is not one with %s', (_, line, other) => {
    const template = LineTemplate.of(line, [0x55, 0xaa, 0xeb, 0x90]);
    expect(template?.read(line)).toEqual(Uint8Array.of(0x55, 0xaa, 0xeb, 0x90));
    expect(template?.read(other)).toBeUndefined();
  });
});
