import { describe, expect, test } from 'vitest';
import { toDeviceInfo, type DeviceInfoFields } from './device-info.ts';
import { measurements } from './measurements.ts';

const fields: DeviceInfoFields = {
  model: 'JK_BD4A8S4P',
  hardwareVersion: '15A',
  softwareVersion: '15.26',
  totalRuntime: 1709100,
  powerOnCount: 1,
  deviceName: 'UPS_BMS',
  devicePasscode: '1111',
  manufacturingDate: '240818',
  serialNumber: '40531310629',
  userData: 'JK-BMS',
  settingsPasscode: '222222',
  userData2: '',
};

describe('device info', () => {
  test('has exactly the measurements of the table, in its order', () => {
    expect(Object.keys(toDeviceInfo(fields))).toEqual(Object.keys(measurements.deviceInfo));
  });

  test('ends the serial number at its first NUL, however long it is', () => {
    const info = toDeviceInfo({ ...fields, serialNumber: '4053131062\u0000000' });
    expect([info.serialNumber, info.passcode]).toEqual(['4053131062', '000']);
    expect(toDeviceInfo({ ...fields, serialNumber: 'A1B2C3D4E5F6G7H' }).serialNumber).toBe('A1B2C3D4E5F6G7H');
    expect(toDeviceInfo(fields).passcode).toBeNull();
  });

  test('ends a text at its first NUL and shows an empty one as absent', () => {
    const info = toDeviceInfo({ ...fields, model: 'JK_PB2A16S20P\0\u0010' });
    expect([info.deviceModel, info.userdata2]).toEqual(['JK_PB2A16S20P', null]);
  });
});
