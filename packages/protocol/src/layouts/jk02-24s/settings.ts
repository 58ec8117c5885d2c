import type { Layout } from '../../layout.ts';
import { settingsJk02 } from '../common/settings-jk02.ts';
import { anySet, beginsWithOne, mapsSettings } from '../common/structure.ts';

/** Record 0x01 of variant JK02_24S (reference, section 5.5). */
// A table is read by its columns:
// prettier-ignore
export const settingsJk02_24s = {
  variant: 'jk02-24s',
  record: 'settings',
  fields: {
    ...settingsJk02,
    scpDelay: { at: 134, type: 'u32', unit: 'µs', register: 0x25, help: 'Delay of short-circuit protection' },
    startBalanceVoltage: { at: 138, type: 'u32', divisor: 1000, unit: 'V', register: 0x26, help: 'Cell voltage from which balancing is allowed' },
    unknown142: { at: 142, type: 'bytes', size: 16, help: 'Unknown' },
    connectionWireResistances: { at: 158, type: 'u32', count: 24, divisor: 1000, unit: 'Ω', help: 'Resistance of the wire to each cell' },
    unknown254: { at: 254, type: 'bytes', size: 45, help: 'Unknown' },
  },
  writeOnly: {
    voltageCalibration: { at: 6, type: 'u32', divisor: 1000, unit: 'V', register: 0x21, help: 'Pack voltage as measured' },
    currentCalibration: { at: 6, type: 'u32', divisor: 1000, unit: 'A', register: 0x24, help: 'Current as measured' },
  },
  objection,
} as const satisfies Layout;

function objection(bytes: Uint8Array): string | undefined {
  if (beginsWithOne(bytes)) return 'it begins with 1.0 as a float';
  if (mapsSettings(bytes)) return 'it lists its registers';
  // Everything after the wire resistances is empty.
  return anySet(bytes, 254, 287) ? 'bytes 254 to 286 are not empty' : undefined;
}
