import { layouts, type deviceInfoJk02_32s, type Frame, type Values, type Variant } from '@ubmsc/protocol';
import type { DeviceProfile } from './device-profiles.ts';
import { flagsFromRanges } from './flags.ts';
import { simulatedFrame } from './simulated-frame.ts';

/** What a device reports about itself, in units (reference, section 5.7). JK02_32S has the fields of all variants. */
export type DeviceInfoRecord = Values<typeof deviceInfoJk02_32s>;

/** The 0x03 record of a variant. */
export function deviceInfoFrame(variant: Variant, values: Partial<DeviceInfoRecord>): Frame {
  return simulatedFrame(layouts[variant].deviceInfo, values);
}

/** Length of the serial number and of the rest of older, longer ones after its NUL (reference, section 5.8). */
const SERIAL_AREA = 14;

/** What a new device reports about itself. */
export function deviceInfoRecord(
  profile: DeviceProfile,
  differences: Partial<DeviceInfoRecord>,
): Partial<DeviceInfoRecord> {
  return {
    model: profile.model,
    hardwareVersion: profile.hardwareVersion,
    softwareVersion: profile.softwareVersion,
    powerOnCount: 12,
    deviceName: profile.name,
    devicePasscode: 'LEAKME-DEVICE',
    manufacturingDate: '250318',
    serialNumber: `${profile.serialNumber}\u0000`.padEnd(SERIAL_AREA + 1, '0'),
    userData: 'JK-BMS',
    settingsPasscode: 'LEAKME-SETTINGS',
    userData2: 'JK-BMS',
    commandSupport: flagsFromRanges(profile.commandSupport, 32, 16),
    uart1Protocol: 1,
    canProtocol: 0,
    lcdBuzzerTriggerValue: 0,
    dataStoredPeriod: 3600,
    rcvTime: 1,
    rfvTime: 6,
    emergencyTime: 30,
    enableFlags: flagsFromRanges(profile.deviceInfoFlags, 11, 10),
    ...profile.info,
    ...differences,
  };
}
