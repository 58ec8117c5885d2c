import { stripVTControlCharacters } from 'node:util';
import { alarms, measurements, snakeCase, type Measurement } from '@ubmsc/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toDocument } from './document.ts';
import { isList } from './entries.ts';
import type { Value } from './entry.ts';
import type { FormatOptions } from './result.ts';
import { sanitize } from '@ubmsc/base';
import { readingWith } from '@ubmsc/testing';
import { arbitraryDevice } from './test/arbitrary-result.ts';
import { exampleDevice } from './test/example-result.ts';
import { parseText, type TextPage } from './test/parse-text.ts';
import { text } from './text.ts';

const both = { groups: ['deviceInfo', 'cellData'] } as const;
const cellData = { groups: ['cellData'] } as const;

const secondsIn: Readonly<Record<string, number>> = { d: 86_400, h: 3600, min: 60, s: 1 };

/** The value that the words stand for; a text stands for itself. */
function valueOf(words: string, { kind, unit }: Measurement): Value {
  if (words === '–') return null;
  if (kind === 'state') return words === 'yes';
  if (kind === 'text') return words.trim();
  if (unit === 's') {
    const parts = [...words.matchAll(/(\d+) (\w+)/g)];
    return parts.reduce((sum, [, count, name = '']) => sum + Number(count) * (secondsIn[name] ?? NaN), 0);
  }
  const [number = '', printed] = words.split(' ');
  expect(printed).toBe(unit);
  return Number(number);
}

/** What the page says of a measurement, in the form in which JSON has it. */
function parsed(page: TextPage, measurement: Measurement): Value {
  const { kind, label, per } = measurement;
  if (per === 'cell')
    return (page.cells[label] ?? []).map((words) => Number(valueOf(words, measurement) ?? NaN));
  if (kind === 'alarms') {
    const named = page.lines.filter(([name]) => name === 'Alarm' || name === 'Notice');
    const active = new Set(named.map(([, help]) => help));
    return Object.entries(alarms)
      .filter(([, { help }]) => active.has(help))
      .map(([name]) => snakeCase(name));
  }
  const words = page.lines.find(([name]) => name === label)?.[1] ?? 'missing';
  if (per === undefined) return valueOf(words, measurement);
  return words.split(', ').map((item) => Number(valueOf(item, measurement) ?? NaN));
}

/** The value as far as text for people can tell: nothing of controls, of blanks at an end, of empty slots at the end. */
function visible(value: Value, per: Measurement['per'], cellCount: number): Value {
  if (isList(value) && per !== undefined) {
    const numbers = value.map((item) => Number(item ?? NaN));
    const missing = per === 'cell' ? cellCount - numbers.length : Number(numbers.length === 0);
    return [...numbers, ...Array.from({ length: missing }, () => NaN)];
  }
  if (typeof value !== 'string') return value;
  const seen = sanitize(value).trim();
  return value === '' || seen === '–' ? null : seen;
}

describe('text', () => {
  test('says what JSON says', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryDevice,
        fc.constantFrom('deviceInfo' as const, 'cellData' as const),
        async (device, group) => {
          const options: FormatOptions = { groups: [group], showSecrets: true };
          const [values] = toDocument({ devices: [device] }, options)[snakeCase(group)] ?? [];
          if (values === undefined) return;
          const page = parseText(await text({ devices: [device] }, options));
          const lists = [values['cell_voltage'] ?? [], values['cell_resistance'] ?? []];
          const cellCount = Math.max(...lists.map((list) => (isList(list) ? list.length : 0)));
          const table: Readonly<Record<string, Measurement>> = measurements[group];
          for (const [name, measurement] of Object.entries(table)) {
            const value = values[snakeCase(name)] ?? null;
            // People count cells from 1.
            const isCell = (name === 'lowestCell' || name === 'highestCell') && typeof value === 'number';
            const expected = visible(isCell ? value + 1 : value, measurement.per, cellCount);
            expect(parsed(page, measurement), name).toEqual(expected);
          }
        },
      ),
    );
  });

  test('begins with name and address, and says SIMULATED of a simulated device', async () => {
    const { device, address } = exampleDevice;
    const devices = [
      exampleDevice,
      { device, address, simulated: true },
      { device: address, address, simulated: false },
    ];
    expect(await text({ devices }, { groups: [] })).toBe(
      'UPS_BMS (C8:47:80:12:34:56)\n\nUPS_BMS (C8:47:80:12:34:56) SIMULATED\n\nC8:47:80:12:34:56\n',
    );
  });

  test('has a table of cells that marks the highest and the lowest', async () => {
    expect(await text({ devices: [exampleDevice] }, cellData)).toContain(
      [
        '',
        '  Cell  Cell voltage  Cell wire resistance',
        '     1       3.301 V               0.050 Ω  ▲ highest',
        '     2       3.300 V               0.063 Ω',
        '     3             –                     –',
        '     4       2.384 V               0.070 Ω  ▼ lowest',
        '',
      ].join('\n'),
    );
  });

  test('has no table when there are no cells', async () => {
    const reading = { ...exampleDevice.reading, cellVoltage: [], cellResistance: [] };
    expect(await text({ devices: [{ ...exampleDevice, reading }] }, cellData)).not.toContain('Cell (');
  });

  test('has times in days, hours, minutes and seconds', async () => {
    const { lines } = parseText(await text({ devices: [exampleDevice] }, both));
    expect(lines.filter(([label]) => label === 'Up time')).toEqual([
      ['Up time', '19 d 18 h 45 min'],
      ['Up time', '19 d 18 h 45 min 12 s'],
    ]);
    expect(lines).toContainEqual(['Emergency time left', '0 s']);
  });

  test.each([
    [-2.5, '-2.5 A (discharging)'],
    [0, '0 A (idle)'],
    [12, '12 A (charging)'],
    [null, '–'],
  ])('says which way a current of %d A flows', async (batteryCurrent, words) => {
    const reading = { ...exampleDevice.reading, batteryCurrent };
    const { lines } = parseText(await text({ devices: [{ ...exampleDevice, reading }] }, cellData));
    expect(lines).toContainEqual(['Battery current', words]);
  });

  test('tells notices from alarms, and says so when there are none', async () => {
    const page = parseText(await text({ devices: [exampleDevice] }, cellData));
    expect(page.lines).toContainEqual(['Notice', alarms.cellOverVoltage.help]);
    expect(page.lines).toContainEqual(['Alarm', alarms.cellUnderVoltage.help]);
    const reading = { ...exampleDevice.reading, alarms: [] };
    const calm = parseText(await text({ devices: [{ ...exampleDevice, reading }] }, cellData));
    expect(calm.lines).toContainEqual(['Alarms', 'none']);
  });

  test('has when and by which variant a reading was taken', async () => {
    const { lines } = parseText(await text({ devices: [exampleDevice] }, cellData));
    expect(lines.slice(-2)).toEqual([
      ['Time', '2024-05-06T07:08:09.010Z'],
      ['Variant', 'jk02-32s'],
    ]);
  });

  test('in ASCII has the same lines with other signs, still below each other', async () => {
    const page = await text({ devices: [exampleDevice] }, { ...both, ascii: true });
    expect(page).toContain('     1       3.301 V             0.050 Ohm  ^ highest\n');
    expect(page).toContain('     3             -                     -\n');
    expect(page).toContain('  Battery temperature:   21.5 C, -3 C\n');
    expect(page).toContain('  Full charge capacity:  100 Ah\n');
  });

  test('brings nothing to a terminal that steers it, and in ASCII nothing but ASCII', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryDevice, async (device) => {
        const options = { ...both, showSecrets: true };
        expect(await text({ devices: [device] }, options)).not.toMatch(
          /[^\P{Cc}\n]|[\u{202a}-\u{202e}\u{2066}-\u{2069}]/u,
        );
        expect(await text({ devices: [device] }, { ...options, ascii: true })).toMatch(/^[ -~\n]*$/);
      }),
    );
  });
});

test('on a terminal headings are bold and alarms red, and nothing else changes', async () => {
  const result = {
    devices: [{ device: 'A', simulated: false, reading: readingWith({ alarms: ['cellUnderVoltage'] }) }],
  };
  const plain = await text(result, { groups: ['cellData'] });
  const colourful = await text(result, { groups: ['cellData'], colour: true });
  expect(colourful).toContain('\u{1b}[1mA\u{1b}[0m\n');
  expect(colourful).toContain('\u{1b}[31m  Alarm:');
  expect(stripVTControlCharacters(colourful)).toBe(plain);
});
