import { decode, deviceInfoJk02_32s, encode, settingsJk02_32s } from '@ubmsc/protocol';
import { describe, expect, it } from 'vitest';
import { deviceProfiles } from './device-profiles.ts';
import { writeControl, writeRegister } from './registers.ts';
import { defaultSettings } from './settings.ts';
import { SimulatedDevice } from './simulated-device.ts';

const settings = defaultSettings(deviceProfiles.JK_BD4A8S4P);

describe('register write', () => {
  it('changes the field that names the register, and nothing else', () => {
    const written = writeRegister(settingsJk02_32s, settings, 0x04, Uint8Array.of(0x42, 0x0e, 0, 0));
    expect(written).toEqual({ ...settings, cellOvp: 3.65 });
    const cold = writeRegister(settingsJk02_32s, settings, 0x18, Uint8Array.of(0x9c, 0xff, 0xff, 0xff));
    expect(cold).toEqual({ ...settings, chargeUtp: -10 });
  });

  it('of one byte can be negative', () => {
    const written = writeRegister(settingsJk02_32s, settings, 0x37, Uint8Array.of(0xfb));
    expect(written?.heatingStartTemperature).toBe(-5);
  });

  it('of text replaces all of the old text', () => {
    const info = decode(deviceInfoJk02_32s, encode(deviceInfoJk02_32s, { userData: 'a long old text' }));
    const written = writeRegister(deviceInfoJk02_32s, info, 0x9f, Buffer.from('boat'));
    expect(written).toEqual({ ...info, userData: 'boat' });
  });

  it('knows only the registers of its record', () => {
    expect(writeRegister(settingsJk02_32s, settings, 0x9f, Buffer.from('boat'))).toBeUndefined();
  });

  it('never writes a list, whose elements cannot be addressed', () => {
    expect(writeRegister(settingsJk02_32s, settings, 0x23, Uint8Array.of(1, 0, 0, 0))).toEqual(settings);
  });
});

describe('a device without a map of registers', () => {
  it('takes those of its own layout', () => {
    const device = new SimulatedDevice({ profile: deviceProfiles['JK-BD6A17S6P'] });
    expect(device.writeRegister(0x04, Uint8Array.of(0x68, 0x10, 0, 0))).toBe(true);
    expect(device.model.settings.cellOvp).toBe(4.2);
    expect([0x6c, 0x9d, 0xa1].map((register) => device.writeRegister(register, new Uint8Array(4)))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('takes floats where it is a JK04', () => {
    const device = new SimulatedDevice({ profile: deviceProfiles['JK-B2A16S'] });
    expect(device.writeRegister(0x20, Uint8Array.of(0xcd, 0xcc, 0x4c, 0x40))).toBe(true);
    expect(device.model.settings.powerOffVoltage).toBeCloseTo(3.2, 6);
  });
});

describe('register of a control', () => {
  it('sets and clears its bit alone', () => {
    const both = writeControl({ ...settings, controls: 1 }, 0x2d, Uint8Array.of(1, 0, 0, 0));
    expect(both?.controls).toBe(0b100_0001);
    expect(both && writeControl(both, 0x27, Uint8Array.of(0, 0, 0, 0))?.controls).toBe(0b100_0000);
  });

  it('is not one of the other registers', () => {
    expect(writeControl(settings, 0x04, Uint8Array.of(1))).toBeUndefined();
  });
});
