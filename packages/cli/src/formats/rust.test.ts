import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rust, rustPretty } from './rust.ts';
import { hostileText } from './test/arbitrary-result.ts';
import { exampleDevice } from './test/example-result.ts';

const groups = ['deviceInfo', 'cellData'] as const;

describe('rust', () => {
  test('is a struct on a line of its own for each device', async () => {
    const page = await rust({ devices: [exampleDevice, { ...exampleDevice, device: 'b' }] }, { groups });
    const lines = page.split('\n');
    expect(lines.map((line) => line.slice(0, 14))).toEqual([
      'DeviceInfo { d',
      'DeviceInfo { d',
      'CellData { cel',
      'CellData { cel',
      '',
    ]);
    expect(lines[0]).toMatch(/^DeviceInfo \{ device_model: "JK_BD4A8S4P", hardware_version: "15A", .* \}$/);
  });

  test('tells what is measured from what is counted: 12.0 and 12', async () => {
    const page = await rust({ devices: [exampleDevice] }, { groups });
    expect(page).toContain(
      'nominal_capacity: 100.0, cycle_count: 12, cycle_capacity: 1234.567, up_time: 1709112,',
    );
    expect(page).toContain(
      'battery_temperature: [21.5, -3.0], mosfet_temperature: None, remain_percent: 63,',
    );
  });

  test('escapes what would not be visible in a string', async () => {
    const devices = [{ ...exampleDevice, device: '"\\\n\0\u{1b}\u{202e}\u{9b}\ud800🔋\'' }];
    expect(await rust({ devices }, { groups: ['deviceInfo'] })).toContain(
      String.raw`device: "\"\\\n\0\u{1b}\u{202e}\u{9b}\u{fffd}🔋'"`,
    );
  });

  test('brings nothing to a terminal that steers it', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (device) => {
        const page = await rustPretty({ devices: [{ ...exampleDevice, device }] }, { groups });
        expect(page).not.toMatch(/[^\P{Cc}\n]|[\u{202a}-\u{202e}\u{2066}-\u{2069}]/u);
      }),
    );
  });
});

describe('rust-pretty', () => {
  test('has a line for each field and each element, with a comma after each', async () => {
    const reading = { ...exampleDevice.reading, batteryTemperature: [], alarms: [] };
    const page = await rustPretty({ devices: [{ ...exampleDevice, reading }] }, { groups: ['cellData'] });
    expect(page.split('\n').slice(0, 8)).toEqual([
      'CellData {',
      '    cell_voltage: [',
      '        3.301,',
      '        3.3,',
      '        None,',
      '        2.384,',
      '    ],',
      '    average_cell_voltage: 2.995,',
    ]);
    expect(page).toContain('\n    battery_temperature: [],\n');
    expect(page).toMatch(/\n {4}variant: "jk02-32s",\n\}\n$/);
  });
});
