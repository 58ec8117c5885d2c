import { decode, deviceInfoJk02_32s, encode, settingsJk02_32s } from '@ubmsc/protocol';
import { describe, expect, it } from 'vitest';
import { deviceProfiles } from './device-profiles.ts';
import { writeControl, writeRegister } from './registers.ts';
import { defaultSettings } from './settings.ts';

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

describe('register of a control', () => {
  it('sets and clears its bit alone', () => {
    const both = writeControl({ ...settings, controls: 1 }, 0x2d, Uint8Array.of(1, 0, 0, 0));
    expect(both?.controls).toBe(0b100_0001);
    expect(both && writeControl(both, 0x27, Uint8Array.of(0, 0, 0, 0))?.controls).toBe(0b100_0000);
  });

  it('is none of the other registers', () => {
    expect(writeControl(settings, 0x04, Uint8Array.of(1))).toBeUndefined();
  });
});
