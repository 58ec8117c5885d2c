import { commands, decodeReading, encodeRequest, toDeviceInfo, decode, layouts } from '@ubmsc/protocol';
import { SessionJudge } from '@ubmsc/session';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Recorder } from '../../test/test-recorder.ts';
import { deviceProfiles, type DeviceProfile } from './device-profiles.ts';
import { flagsFromHex, flagsFromRanges } from './flags.ts';
import { SimulatedDevice } from './simulated-device.ts';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

const profiles = Object.entries<DeviceProfile>(deviceProfiles);

/** What a central gets within a minute, when it asks as a client does. */
const minute = (profile: DeviceProfile, notificationSize = 128): Recorder => {
  const central = new Recorder(notificationSize);
  const session = new SimulatedDevice({ profile }).connect(central);
  session.receive(encodeRequest(commands.readDeviceInfo));
  vi.advanceTimersByTime(500);
  session.receive(encodeRequest(commands.readSettings));
  vi.advanceTimersByTime(60_000);
  session.close();
  return central;
};

describe.each(profiles)('%s', (name, profile) => {
  it('has texts that fit their fields', () => {
    expect(profile.model).toBe(name);
    expect(profile.name.length).toBeLessThanOrEqual(16);
    expect(profile.model.length).toBeLessThan(15);
    expect(profile.softwareVersion.length).toBeLessThan(8);
    expect(profile.serialNumber).toMatch(/^(\d{10,11}|\w{15})?$/);
  });

  it('is told from its records, which are accepted at once', () => {
    const judge = new SessionJudge();
    const central = minute(profile);
    const cells = central.items.flatMap((item) => {
      if (item.kind !== 'frame') return [];
      const { accepted, delayed } = judge.observe({ ...item, pauses: [] }, item.time, item.time);
      expect(delayed).toBeUndefined();
      return accepted
        .filter(({ frame }) => frame.record === 'cellData')
        .map(({ frame, variant, time }) => {
          expect(variant).toBe(profile.variant);
          return decodeReading(frame, variant, time);
        });
    });
    expect(cells.length).toBeGreaterThan(100);
    expect(cells.at(-1)?.cellVoltage).toHaveLength(profile.cells);
  });

  it('says what it is', () => {
    const [frame] = minute(profile).frames;
    const info = frame && toDeviceInfo(decode(layouts[profile.variant].deviceInfo, frame));
    expect([info?.deviceModel, info?.softwareVersion]).toEqual([profile.model, profile.softwareVersion]);
    expect(info?.serialNumber ?? '').toBe(profile.serialNumber);
  });
});

it.each(profiles.filter(([, { variant }]) => variant === 'jk02-32s'))(
  '%s has maps that mark it as JK02_32S',
  (_, { cellDataFlags, deviceInfoFlags, commandSupport }) => {
    expect(flagsFromHex(cellDataFlags)).toHaveLength(12);
    expect(flagsFromHex(cellDataFlags)[0]).toBe(0xfe);
    expect(flagsFromRanges(deviceInfoFlags, 11, 10)[0]).toBe(0xfe);
    expect(flagsFromRanges(commandSupport, 32, 16)[0x96 >> 3]).toBe(0b1100_0000);
  },
);

it.each([
  ['JK-B2A16S', 20, [...Array<number>(15).fill(20)]],
  ['JK-B5A24S', 112, [80, 60, 20, 70, 5, 65]],
  ['JK-BD6A17S6P', 128, [128, 128, 44]],
  ['JK-B1A20S15P', 244, [150, 150]],
  ['JK_B2A20S20P', 128, [128, 22, 128, 22]],
  ['JK-PB2A16S20P', 20, [...Array<number>(7).fill(20), 10, ...Array<number>(7).fill(20), 10]],
] as const)('a record of a %s, at %d bytes a notification, comes in pieces of %j', (name, size, pieces) => {
  const { chunks } = minute(deviceProfiles[name], size);
  const sizes = chunks.map(({ bytes }) => bytes.length).join(' ');
  expect(sizes.split(pieces.join(' ')).length).toBeGreaterThan(100);
});

it('the acknowledge of a JK-BD6A17S6P comes in the last piece of device info and settings', () => {
  const { chunks } = minute(deviceProfiles['JK-BD6A17S6P']);
  expect(chunks.slice(0, 6).map(({ bytes }) => bytes.length)).toEqual([128, 128, 64, 128, 128, 64]);
});
