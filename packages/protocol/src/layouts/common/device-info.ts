import type { Layout } from '../../layout.ts';

/** What the device info of every variant has at the same place (reference, sections 5.7 and 5.8). */
// A table is read by its columns:
// prettier-ignore
export const deviceInfoCommon = {
  hardwareVersion: { at: 22, type: 'text', size: 8, help: 'Hardware version' },
  softwareVersion: { at: 30, type: 'text', size: 8, help: 'Software version' },
  totalRuntime: { at: 38, type: 'u32', unit: 's', help: 'Time that the device has run, over all power cycles' },
  powerOnCount: { at: 42, type: 'u32', help: 'Number of power-ons' },
  deviceName: { at: 46, type: 'text', size: 16, help: 'Name that the device advertises' },
  devicePasscode: { at: 62, type: 'text', size: 16, secret: true, help: 'Bluetooth passcode, sent in clear' },
  manufacturingDate: { at: 78, type: 'text', size: 8, help: 'Date of manufacture, YYMMDD' },
  serialNumber: { at: 86, type: 'text', size: 16, help: 'Serial number up to the first NUL; older units leave other bytes after it' },
  userData: { at: 102, type: 'text', size: 16, help: 'Text of the user' },
  settingsPasscode: { at: 118, type: 'text', size: 16, secret: true, help: 'Passcode of the settings, sent in clear' },
} as const satisfies Layout['fields'];
