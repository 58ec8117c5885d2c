import { describe, expect, test } from 'vitest';
import type { Entry } from '../../formats/index.ts';
import { changeEntries, changesOf, withoutLacking } from './settings-changes.ts';

describe('changes', () => {
  test('are the settings whose values differ, in their present order, then those that are gone', () => {
    const before = { gone: 1, cell_ovp: 3.6, cell_count: 4, controls: ['heating'], charge_switch: true };
    const after = { added: 2, cell_count: 4, controls: [], charge_switch: false, cell_ovp: 3.65 };
    expect(changesOf(before, after)).toEqual([
      { setting: 'added', before: null, after: 2 },
      { setting: 'controls', before: ['heating'], after: [] },
      { setting: 'charge_switch', before: true, after: false },
      { setting: 'cell_ovp', before: 3.6, after: 3.65 },
      { setting: 'gone', before: 1, after: null },
    ]);
  });

  test('are not in what comes with the settings and changes by itself', () => {
    const before = {
      frame_counter: 1,
      enable_flags: 'a',
      time: 'b',
      device: 'c',
      address: 'd',
      variant: 'e',
    };
    expect(changesOf(before, {})).toEqual([]);
    expect(changesOf({}, { ...before, simulated: true })).toEqual([]);
  });

  test('have label and unit for people, and names of a list one by one', () => {
    const entries: readonly Entry[] = [
      { key: 'cell_ovp', label: 'Cell OVP', value: 3.65, display: { unit: 'V' } },
      { key: 'charge_switch', label: 'Charge switch', value: false },
      { key: 'controls', label: 'Controls', value: [], display: { choices: ['heating', 'smart_sleep'] } },
    ];
    const changes = [
      { setting: 'cell_ovp', before: 3.6, after: 3.65 },
      { setting: 'charge_switch', before: true, after: false },
      { setting: 'controls', before: ['heating'], after: ['smart_sleep'] },
      { setting: 'power_off_voltage', before: 2.5, after: null },
      { setting: 'connection_wire_resistances', before: [0, 0], after: [0, 0.1] },
    ];
    const shown = changeEntries(changes, entries);
    expect(shown.map(({ label, value, display }) => [label, value, display?.unit])).toEqual([
      ['Cell OVP', '3.6 → 3.65', 'V'],
      ['Charge switch', 'yes → no', undefined],
      ['Heating', 'yes → no', undefined],
      ['Smart sleep', 'no → yes', undefined],
      ['Power off voltage', '2.5 → –', undefined],
      ['Connection wire resistances', '0, 0 → 0, 0.1', undefined],
    ]);
  });
});

describe('earlier settings', () => {
  test('of a version that printed what the device lacks are compared without it', () => {
    const entry = (key: string, choices?: readonly string[]) => ({
      key,
      label: key,
      value: null,
      ...(choices && { display: { choices } }),
    });
    const own = [entry('cell_ovp'), entry('controls', ['smart_sleep'])];
    const all = [entry('cell_ovp'), entry('controls', ['heating', 'smart_sleep']), entry('heating_start')];
    const earlier = { cell_ovp: 3.65, heating_start: 60, controls: ['heating', 'smart_sleep'], gone: 1 };
    expect(withoutLacking(earlier, own, all)).toEqual({
      cell_ovp: 3.65,
      controls: ['smart_sleep'],
      gone: 1,
    });
  });
});
