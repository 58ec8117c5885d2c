import { describe, expect, it } from 'vitest';
import { deviceProfiles, firmwareTraits } from './device-profiles.ts';
import { flagsFromHex, flagsFromRanges } from './flags.ts';

describe.each(Object.entries(deviceProfiles))('%s', (_, profile) => {
  it('has texts that fit their fields', () => {
    expect(profile.name.length).toBeLessThanOrEqual(16);
    expect(profile.model.length).toBeLessThan(15);
    expect(profile.softwareVersion.length).toBeLessThan(8);
    expect(profile.serialNumber).toMatch(/^\d{11}$/);
  });

  it('has maps that mark it as JK02_32S', () => {
    expect(flagsFromHex(profile.cellDataFlags)).toHaveLength(12);
    expect(flagsFromHex(profile.cellDataFlags)[0]).toBe(0xfe);
    expect(flagsFromRanges(profile.deviceInfoFlags, 11, 10)[0]).toBe(0xfe);
    const support = flagsFromRanges(profile.commandSupport, 32, 16);
    expect(support[0x96 >> 3]).toBe(0b1100_0000);
  });
});

it('the version of the firmware decides what it does', () => {
  expect(firmwareTraits('11.288H')).toMatchObject({ heartbeats: false, streamNeedsDeviceInfo: false });
  expect(firmwareTraits('14.20')).toMatchObject({ heartbeats: true, streamNeedsDeviceInfo: false });
  expect(firmwareTraits('15.26')).toMatchObject({ heartbeats: true, streamNeedsDeviceInfo: true });
});
