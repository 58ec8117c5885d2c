import { describe, expect, test } from 'vitest';
import { formats, type Entry } from '../../formats/index.ts';
import { settingsLines } from '../../records/settings-entries.ts';
import { devicesIn } from './earlier-forms.ts';
import { changesOf, type Change } from './settings-changes.ts';

const entry = (key: string, label: string, value: Entry['value'], display: Entry['display'] = {}): Entry => ({
  key,
  label,
  value,
  display,
});

/** Of each kind one, with what is hard to read back. */
const now: readonly Entry[] = [
  entry('cell_ovp', 'Cell OVP', 3.65, { unit: 'V' }),
  entry('charge_utp', 'Charge UTP', -5, { unit: '°C' }),
  entry('charge_ocp_delay', 'Charge OCP delay', 3661, { unit: 's' }),
  entry('charge_switch', 'Charge switch', true),
  entry('wires', 'Wires', [0, 0.25, 1], { unit: 'Ω', per: 'cell' }),
  entry('controls', 'Controls', ['heating'], { choices: ['heating', 'lcd_always_on'] }),
  entry('user_data', 'User data', '=1, "x"'),
  entry('variant', 'Variant', 'jk02-32s'),
];

const before = now.map((each) => ({
  ...each,
  value:
    { cell_ovp: 3.6, charge_ocp_delay: 60, charge_switch: false, controls: [], wires: [0, 0.3, 1] }[
      each.key
    ] ?? each.value,
}));

const names = Object.keys(formats).filter((name) => !['rust', 'rust-pretty', 'metrics'].includes(name));

async function printed(name: string, entries: readonly Entry[]): Promise<string> {
  const format = name === 'text' ? formats.text : formats.json;
  const device = { device: 'UPS', name: 'UPS', address: 'C8:47:80:00:00:01', simulated: true };
  const settings = format === formats.text ? settingsLines(entries) : entries;
  const render = Object.entries(formats).find(([each]) => each === name)?.[1].render;
  return (
    (await render?.({ devices: [{ ...device, records: { settings } }] }, { groups: ['settings'] })) ?? ''
  );
}

async function changes(name: string, entries: readonly Entry[]): Promise<readonly Change[]> {
  const [device] = devicesIn(await printed(name, entries)) ?? [];
  expect(device?.address).toBe('C8:47:80:00:00:01');
  const after = Object.fromEntries(now.map(({ key, value }) => [key, value]));
  return changesOf(device?.valuesLike(now) ?? {}, after);
}

describe.each(names)('settings that were printed as %s', (name) => {
  test('are read as they were', async () => {
    expect(await changes(name, now)).toEqual([]);
  });

  test('differ where they differ', async () => {
    expect(await changes(name, before)).toEqual([
      { setting: 'cell_ovp', before: 3.6, after: 3.65 },
      { setting: 'charge_ocp_delay', before: 60, after: 3661 },
      { setting: 'charge_switch', before: false, after: true },
      { setting: 'wires', before: [0, 0.3, 1], after: [0, 0.25, 1] },
      { setting: 'controls', before: [], after: ['heating'] },
    ]);
  });
});

test.each(['', 'nothing\n', 'nothing\n\n  Label: 3\nmore', 'a,b\n1,2\n', '  Label: 3\n'])(
  'there are no settings in %j',
  (text) => {
    expect(devicesIn(text)).toBeUndefined();
  },
);
