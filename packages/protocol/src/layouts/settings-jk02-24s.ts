import type { Layout } from '../layout.ts';
import { settingsJk02 } from './settings-jk02.ts';

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
} as const satisfies Layout;
