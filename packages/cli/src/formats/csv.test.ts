import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csv, csvRows } from './csv.ts';

test('a list has a column for each place, what is absent is empty', async () => {
  const text = await csv({
    cell_data: [
      { device: 'A', cell_voltage: [3.3, null], alarms: ['cell_over_voltage', 'heating'], soh: null },
      { device: 'B, "van"', cell_voltage: [3.1, 3.2, 3.3], alarms: [], soh: 99 },
    ],
  });
  expect(text.split('\r\n')).toEqual([
    'device,cell_voltage_1,cell_voltage_2,alarms,soh,cell_voltage_3',
    'A,3.3,,cell_over_voltage heating,,',
    '"B, ""van""",3.1,3.2,,99,3.3',
    '',
  ]);
});

test('a name is never a formula of a spreadsheet', async () => {
  expect(await csv({ x: [{ device: '=1+1' }, { device: '@x' }] })).toBe("device\r\n'=1+1\r\n'@x\r\n");
});

test('whatever a text has, a table has as many lines as rows and a header', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), async (names) => {
      const text = await csv({ x: names.map((name) => ({ device: name, value: 1 })) });
      expect(text.match(/,1\r\n/g)?.length).toBeGreaterThanOrEqual(names.length);
      expect(text.replaceAll(/"(?:[^"]|"")*"/g, '').split('\r\n')).toHaveLength(names.length + 2);
    }),
  );
});

test('rows that come one after the other have one header, until one has more columns', () => {
  const print = csvRows();
  const rows = [
    { device: 'A', cell_voltage: [3.3, 3.2] },
    { device: 'B', cell_voltage: [3.1] },
    { device: 'C', cell_voltage: [3.1, 3.2, 3.3] },
    { device: 'A', cell_voltage: [3.3, 3.2] },
  ];
  expect(rows.map(print).join('').split('\r\n')).toEqual([
    'device,cell_voltage_1,cell_voltage_2',
    'A,3.3,3.2',
    'B,3.1,',
    '',
    'device,cell_voltage_1,cell_voltage_2,cell_voltage_3',
    'C,3.1,3.2,3.3',
    'A,3.3,3.2,',
    '',
  ]);
});
