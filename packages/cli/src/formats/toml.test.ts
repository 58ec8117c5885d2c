import { describe, expect, test } from 'vitest';
import { formats } from './index.ts';
import { exampleDevice } from './test/example-result.ts';

const options = { groups: ['cellData'] } as const;

describe('TOML', () => {
  test('is an array of tables in which an absent value has no key and a hole in a list is nan', async () => {
    const page = await formats.toml.render({ devices: [exampleDevice, exampleDevice] }, options);
    expect(page.match(/^\[\[cell_data\]\]$/gm)).toHaveLength(2);
    expect(page).toContain('cell_voltage = [ 3.301, 3.3, nan, 2.384 ]\n');
    expect(page).not.toContain('mosfet_temperature');
  });

  test('in its pretty form has each element of a list on its own line', async () => {
    const page = await formats['toml-pretty'].render({ devices: [exampleDevice] }, options);
    expect(page).toContain(
      'cell_voltage = [\n    3.301,\n    3.3,\n    nan,\n    2.384,\n]\naverage_cell_voltage',
    );
    expect(page).toContain('alarms = [\n    "cell_over_voltage",\n    "cell_under_voltage",\n]\n');
  });

  test('in its pretty form leaves a text alone that looks like a list', async () => {
    const device = 'a = [ 1, 2 ]';
    const page = await formats['toml-pretty'].render({ devices: [{ ...exampleDevice, device }] }, options);
    expect(page).toContain(`device = "${device}"\n`);
  });
});
