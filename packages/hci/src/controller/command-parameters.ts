import { check } from './command-error.ts';
import { errorCodes } from '../codec/error-codes.ts';
import type { ConnectionParameters } from '../codec/events.ts';

/** Reasons a host may give for a disconnection, Vol 4, Part E, 7.1.6. */
export const disconnectReasons: ReadonlySet<number> = new Set([
  errorCodes['Authentication Failure'],
  errorCodes['Remote User Terminated Connection'],
  errorCodes['Remote Device Terminated Connection due to Low Resources'],
  errorCodes['Remote Device Terminated Connection due to Power Off'],
  errorCodes['Unsupported Remote Feature'],
  errorCodes['Pairing With Unit Key Not Supported'],
  errorCodes['Unacceptable Connection Parameters'],
]);

export const within = (value: number, low: number, high: number): boolean => value >= low && value <= high;
export const isFlag = (value: number): boolean => within(value, 0, 1);

/** Interval_Min, Interval_Max, Max_Latency, Supervision_Timeout, as several commands have them. */
export function readConnectionParameters(parameters: Buffer, offset: number): ConnectionParameters {
  const minimum = parameters.readUInt16LE(offset);
  const interval = parameters.readUInt16LE(offset + 2);
  const latency = parameters.readUInt16LE(offset + 4);
  const supervisionTimeout = parameters.readUInt16LE(offset + 6);
  const longEnough = supervisionTimeout * 10 > (1 + latency) * interval * 1.25 * 2;
  check(
    within(minimum, 0x0006, interval) &&
      within(interval, 0x0006, 0x0c80) &&
      within(latency, 0, 0x01f3) &&
      within(supervisionTimeout, 0x000a, 0x0c80) &&
      longEnough,
    'Invalid HCI Command Parameters',
  );
  return { interval, latency, supervisionTimeout };
}

/** Data preceded by its length in a field of fixed size, Vol 4, Part E, 7.8.7 and 7.8.8. */
export function readAdvertisingData(parameters: Buffer): Buffer {
  const length = parameters.readUInt8(0);
  check(length <= 31, 'Invalid HCI Command Parameters');
  return Buffer.from(parameters.subarray(1, 1 + length));
}

/** Interval and window of a scan, Vol 4, Part E, 7.8.10 and 7.8.12; reception here has no gaps. */
export function checkScanWindow(parameters: Buffer, offset: number): void {
  const interval = parameters.readUInt16LE(offset);
  const window = parameters.readUInt16LE(offset + 2);
  const valid = within(interval, 0x0004, 0x4000) && within(window, 0x0004, interval);
  check(valid, 'Invalid HCI Command Parameters');
}

/** Address types 0x02 and 0x03, and filter policies but 0x00, need lists that this controller does not have. */
export function checkNoLists(filterPolicy: number, ...addressTypes: number[]): void {
  check(
    [filterPolicy, ...addressTypes].every((value) => value <= 3),
    'Invalid HCI Command Parameters',
  );
  check(filterPolicy === 0 && addressTypes.every(isFlag), 'Unsupported Feature or Parameter Value');
}
