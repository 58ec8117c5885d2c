import type { Values } from './layout.ts';
import type { deviceInfoJk02_32s } from './layouts/jk02-32s/device-info.ts';
import type { MeasurementValues } from './measurements.ts';

/** What a device reports about itself. Texts are cut at their first NUL; an empty one is null. */
export type DeviceInfo = MeasurementValues<'deviceInfo'>;

/** The part of the layouts' device info that every variant has. */
export type DeviceInfoFields = Pick<
  Values<typeof deviceInfoJk02_32s>,
  | 'model'
  | 'hardwareVersion'
  | 'softwareVersion'
  | 'totalRuntime'
  | 'powerOnCount'
  | 'deviceName'
  | 'devicePasscode'
  | 'manufacturingDate'
  | 'serialNumber'
  | 'userData'
  | 'settingsPasscode'
> & { readonly userData2?: string };

/** Device info from the fields of a 0x03 record. */
export function toDeviceInfo(fields: DeviceInfoFields): DeviceInfo {
  const [serialNumber, leftover] = splitSerialNumber(fields.serialNumber);
  return {
    deviceModel: text(fields.model),
    hardwareVersion: text(fields.hardwareVersion),
    softwareVersion: text(fields.softwareVersion),
    upTime: fields.totalRuntime,
    poweronTimes: fields.powerOnCount,
    deviceName: text(fields.deviceName),
    devicePasscode: text(fields.devicePasscode),
    manufacturingDate: text(fields.manufacturingDate),
    serialNumber,
    passcode: leftover,
    userdata: text(fields.userData),
    setupPasscode: text(fields.settingsPasscode),
    userdata2: text(fields.userData2 ?? ''),
  };
}

/**
 * The serial number ends at the first NUL. Units with short ones leave other bytes after it, which older tools
 * took for a passcode (reference, sections 5.8 and 9, row 14).
 */
function splitSerialNumber(field: string): [serialNumber: string | null, leftover: string | null] {
  const end = field.indexOf('\0');
  if (end < 0) return [text(field), null];
  return [text(field), text(field.slice(end).replaceAll('\0', ''))];
}

function text(field: string): string | null {
  const end = field.indexOf('\0');
  const visible = end < 0 ? field : field.slice(0, end);
  return visible === '' ? null : visible;
}
