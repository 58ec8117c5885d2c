import type { Layout } from '../../layout.ts';
import { beginsWithOne } from '../common/structure.ts';

/** Record 0x01 of variant JK04 (reference, section 5.6). Register n is at offset n + 6. */
// A table is read by its columns:
// prettier-ignore
export const settingsJk04 = {
  variant: 'jk04',
  record: 'settings',
  fields: {
    frameCounter: { at: 5, type: 'u8', help: 'Counts 0x02 frames; other records carry the value of the next one or a private value' },
    unknown6: { at: 6, type: 'f32', simulated: 1, help: '1.0 on every device' },
    unknown10: { at: 10, type: 'bytes', size: 24, help: 'Unknown' },
    cellCount: { at: 34, type: 'u16', register: 0x1c, help: 'Number of cells configured' },
    unknown36: { at: 36, type: 'bytes', size: 2, help: 'Unknown' },
    powerOffVoltage: { at: 38, type: 'f32', unit: 'V', register: 0x20, help: 'Cell voltage at which the device switches itself off' },
    unknown42: { at: 42, type: 'bytes', size: 32, help: 'Unknown' },
    voltageCalibrationRef: { at: 74, type: 'f32', unit: 'V', register: 0x44, simulated: 3.03, help: 'Reference of the voltage measurement, about 3.03' },
    unknown78: { at: 78, type: 'bytes', size: 20, help: 'Unknown' },
    unknown98: { at: 98, type: 'f32', unit: 'V', simulated: 4.25, help: '4.25 on every device' },
    unknown102: { at: 102, type: 'f32', unit: 'V', simulated: 3.4, help: '3.4 on every device' },
    balanceTriggerVoltage: { at: 106, type: 'f32', unit: 'V', register: 0x64, help: 'Spread of the cells at which balancing begins' },
    maxBalanceCurrent: { at: 110, type: 'f32', unit: 'A', register: 0x68, help: 'Highest balance current' },
    balancerSwitch: { at: 114, type: 'u8', unit: 'boolean', register: 0x6c, help: 'Balancing is allowed' },
    unknown115: { at: 115, type: 'bytes', size: 184, help: 'Unknown' },
  },
  objection,
} as const satisfies Layout;

function objection(bytes: Uint8Array): string | undefined {
  return beginsWithOne(bytes) ? undefined : 'it does not begin with 1.0';
}
