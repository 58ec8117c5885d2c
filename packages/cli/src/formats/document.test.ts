import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toDocument } from './document.ts';
import { arbitraryDevice } from './test/arbitrary-result.ts';
import { exampleDevice } from './test/example-result.ts';

const groups = ['deviceInfo', 'cellData'] as const;

describe('the document', () => {
  test('has the keys of earlier versions, then where the values are from', () => {
    const { device_info: [info] = [] } = toDocument({ devices: [exampleDevice] }, { groups });
    expect(info).toEqual({
      device_model: 'JK_BD4A8S4P',
      hardware_version: '15A',
      software_version: '15.26',
      up_time: 1709100,
      poweron_times: 1,
      device_name: 'UPS_BMS',
      device_passcode: '***',
      manufacturing_date: '240818',
      serial_number: '40531310629',
      passcode: '***',
      userdata: 'JK-BMS',
      setup_passcode: '***',
      userdata2: 'JK-BMS',
      device: 'UPS_BMS',
      address: 'C8:47:80:12:34:56',
    });
  });

  test('has the exact values of the reading, its time and its variant', () => {
    const { cell_data: [reading] = [] } = toDocument({ devices: [exampleDevice] }, { groups });
    expect(reading).toMatchObject({
      cell_voltage: [3.301, 3.3, null, 2.384],
      battery_current: -2.5,
      mosfet_temperature: null,
      charge_mosfet: true,
      alarms: ['cell_over_voltage', 'cell_under_voltage'],
      time: '2024-05-06T07:08:09.010Z',
      variant: 'jk02-32s',
    });
  });

  test('says of a simulated device that it is simulated, in each group', () => {
    const simulated = { ...exampleDevice, simulated: true };
    const { device_info, cell_data } = toDocument({ devices: [exampleDevice, simulated] }, { groups });
    for (const [real, fake] of [device_info ?? [], cell_data ?? []]) {
      expect(real).not.toHaveProperty('simulated');
      expect(fake).toHaveProperty('simulated', true);
    }
  });

  test('leaves out a device of which the group was not read', () => {
    const silent = { device: 'silent', address: '', simulated: false };
    const document = toDocument({ devices: [silent, exampleDevice] }, { groups: ['cellData'] });
    expect(document['cell_data']?.map(({ device }) => device)).toEqual(['UPS_BMS']);
    expect(toDocument({ devices: [silent] }, { groups })).toEqual({ device_info: [], cell_data: [] });
  });

  test('has null for NaN and infinite numbers', () => {
    const reading = { ...exampleDevice.reading, cellVoltage: [NaN, 3.3], batteryVoltage: Infinity };
    const document = toDocument({ devices: [{ ...exampleDevice, reading }] }, { groups });
    expect(document['cell_data']?.[0]).toMatchObject({ cell_voltage: [null, 3.3], battery_voltage: null });
  });

  test('hides every passcode, even one that is not there, unless secrets are shown', () => {
    fc.assert(
      fc.property(arbitraryDevice, (device) => {
        const secrets = (showSecrets: boolean): unknown[] =>
          (toDocument({ devices: [device] }, { groups, showSecrets })['device_info'] ?? []).flatMap(
            ({ device_passcode, passcode, setup_passcode }) => [device_passcode, passcode, setup_passcode],
          );
        if (device.deviceInfo === undefined) return;
        const { devicePasscode, passcode, setupPasscode } = device.deviceInfo;
        expect(secrets(false)).toEqual(['***', '***', '***']);
        expect(secrets(true)).toEqual([devicePasscode, passcode, setupPasscode]);
      }),
    );
  });
});
