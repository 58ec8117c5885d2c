import { expect, test } from 'vitest';
import { captureFrames, describeCorpus, readCaptures } from '@ubmsc/testing';
import { isInOrder } from './device-info-order.ts';
import { encode } from './layout.ts';
import { layouts } from './layouts/index.ts';

const { bytes } = encode(layouts['jk02-24s'].deviceInfo, {
  model: 'JK_B2A20S20P',
  softwareVersion: '11.26',
  deviceName: 'UPS_BMS',
  devicePasscode: 'LEAKME1',
  manufacturingDate: '240101',
  serialNumber: '2041803028\u00000000',
  userData: 'Input Userdata',
  settingsPasscode: 'LEAKME2',
});

test('device info is in order as it was sent', () => {
  expect(isInOrder(bytes)).toBe(true);
});

test.each([10, 17, 20, 50, 100])(
  'device info whose neighbouring pieces of %d bytes changed places is not',
  (size) => {
    for (let at = size; at + 2 * size <= 134; at += size) {
      const swapped = bytes.slice();
      swapped.set(bytes.subarray(at + size, at + 2 * size), at);
      swapped.set(bytes.subarray(at, at + size), at + size);
      const moved = swapped.subarray(62, 78).some((byte, index) => byte !== bytes[62 + index]);
      if (moved) expect(isInOrder(swapped)).toBe(false);
    }
  },
);

describeCorpus('real captures', () => {
  test('have their device info in order', () => {
    const infos = readCaptures('captures.json')
      .flatMap(captureFrames)
      .filter(({ record }) => record === 'deviceInfo');
    expect(infos.length).toBeGreaterThan(20);
    expect(infos.filter((frame) => !isInOrder(frame.bytes))).toEqual([]);
  });
});
