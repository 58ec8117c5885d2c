import { layouts } from '@ubmsc/protocol';
import { expect, test } from 'vitest';
import { plainText } from '../text/line.ts';
import { FakeSource } from '../../test/fake-source.ts';
import { settingsCount, settingsInFile, settingsView } from './settings.ts';

const own = { variant: 'jk02-32s', values: { cellUvp: 2.6, cellOvp: 3.65, chargeSwitch: 1 } } as const;
const room = { width: 90, height: 20 };

const textOf = (...given: Parameters<typeof settingsView>): string[] =>
  settingsView(...given).lines.map((line) => plainText(line).trimEnd());

test('settings that differ from another battery come first, with what that has', () => {
  const others = [{ name: 'BOAT', values: { cellUvp: 2.6, cellOvp: 3.6, chargeSwitch: 1 } }];
  const [heading, first, second] = textOf(own, others, 0, room);
  expect(heading).toContain('1 differs, read only');
  expect(first).toMatch(/Cell over-voltage protection +3\.65 V +3\.6 V in BOAT$/);
  expect(second).toMatch(/Cell under-voltage protection +2\.6 V$/);
});

test('wires of a layout for 32 cells do not differ from the same ones of a layout for 24', () => {
  const wires = (count: number, last: number): Record<string, unknown> => ({
    connectionWireResistances: [...Array<number>(count - 1).fill(0), last],
  });
  const own32 = { variant: 'jk02-32s', values: wires(32, 0) } as const;
  expect(textOf(own32, [{ name: 'BOAT', values: wires(24, 0) }], 0, room)[0]).toContain('0 differ');
  expect(textOf(own32, [{ name: 'BOAT', values: wires(24, 0.1) }], 0, room)[0]).toContain('1 differs');
});

test('they are compared with a file of machine formats, whose names are in snake_case', () => {
  const source = new FakeSource();
  source.add('VAN');
  const [status] = source.statuses;
  if (!status) throw new Error('no battery');
  const file = {
    name: 'winter.json',
    settingsOf: () => ({ cell_uvp: 2.8, cell_ovp: 3.65, charge_switch: false }),
  };
  const earlier = settingsInFile(file, status, own);
  const lines = textOf(own, earlier ? [earlier] : [], 0, room);
  expect(lines[0]).toContain('2 differ');
  expect(lines.join('\n')).toMatch(/under-voltage protection +2\.6 V +2\.8 V in winter\.json/);
  expect(lines.join('\n')).toMatch(/on +off in winter\.json/);
});

test('a long name is told whole at every width, and all of its lines can be reached', () => {
  const { fields } = layouts['jk02-32s'].settings;
  const values = Object.fromEntries(Object.keys(fields).map((field) => [field, 1]));
  const all = { variant: 'jk02-32s', values } as const;
  for (const width of [60, 80, 120, 200]) {
    const count = settingsCount(all, width);
    const lines = textOf(all, [], 0, { width, height: count + 1 });
    expect(lines).toHaveLength(count + 1);
    expect(lines.at(-1)).not.toBe('');
    expect(lines.join('\n')).not.toContain('…');
    const words = lines
      .map((line) => line.slice(0, width / 2 + 2))
      .join(' ')
      .replace(/\s+/g, ' ');
    expect(words).toContain('Temperature that ends discharge under-temperature protection');
    expect(textOf(all, [], 1000, { width, height: 10 }).at(-1)).toBe(lines.at(-1));
  }
});

test('a file that does not have the battery is not compared with', () => {
  const source = new FakeSource();
  source.add('VAN');
  const [status] = source.statuses;
  if (!status) throw new Error('no battery');
  expect(settingsInFile({ name: 'x', settingsOf: () => undefined }, status, own)).toBeUndefined();
});
