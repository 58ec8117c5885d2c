import { controls } from '../../codes.ts';
import type { Layout } from '../../layout.ts';
import { settingsJk02 } from '../common/settings-jk02.ts';
import { beginsWithOne, mapsSettings } from '../common/structure.ts';

/** Record 0x01 of variant JK02_32S (reference, section 5.4). Each bit of `controls` is a register of its own. */
// A table is read by its columns:
// prettier-ignore
export const settingsJk02_32s = {
  variant: 'jk02-32s',
  record: 'settings',
  fields: {
    ...settingsJk02,
    scpDelay: { at: 134, type: 'u32', unit: 'µs', register: 0x21, help: 'Delay of short-circuit protection' },
    startBalanceVoltage: { at: 138, type: 'u32', divisor: 1000, unit: 'V', register: 0x22, help: 'Cell voltage from which balancing is allowed' },
    connectionWireResistances: { at: 142, type: 'u32', count: 32, divisor: 1_000_000, unit: 'Ω', register: 0x23, help: 'Resistance of the wire to each cell' },
    deviceAddress: { at: 270, type: 'u32', register: 0x24, help: 'Address on RS485' },
    dischargePrechargeTime: { at: 274, type: 'u32', unit: 's', register: 0x25, help: 'Precharge time before discharging' },
    currentRange: { at: 278, type: 'u32', divisor: 1000, unit: 'A', register: 0x26, help: 'Full scale of the current sensor' },
    controls: { at: 282, type: 'u16', bits: controls, help: 'Functions that are switched on' },
    heatingStartTemperature: { at: 284, type: 'i8', unit: '°C', register: 0x37, help: 'Temperature below which the heater starts; means something else before 15.41 and 19.05' },
    heatingStopTemperature: { at: 285, type: 'i8', unit: '°C', register: 0x38, help: 'Temperature at which the heater stops; means something else before 15.41 and 19.05' },
    smartSleepTime: { at: 286, type: 'u8', unit: 'h', register: 0x39, help: 'Rest before smart sleep' },
    enableFlags: { at: 287, type: 'bytes', size: 9, help: 'Bit n is set when field n of the record means something on this model' },
    dischargeUtp: { at: 296, type: 'i8', unit: '°C', register: 0x3a, help: 'Discharge under-temperature protection' },
    dischargeUtpRecovery: { at: 297, type: 'i8', unit: '°C', register: 0x3b, help: 'Temperature that ends discharge under-temperature protection' },
    reserved298: { at: 298, type: 'u8', help: 'Reserved' },
  },
  writeOnly: {
    voltageCalibration: { at: 6, type: 'u32', divisor: 1000, unit: 'V', register: 0x64, help: 'Pack voltage as measured' },
    currentCalibration: { at: 6, type: 'u32', divisor: 1000, unit: 'A', register: 0x67, help: 'Current as measured' },
    emergency: { at: 6, type: 'u32', unit: 'boolean', register: 0x6b, help: 'Starts or ends emergency mode' },
    setRtc: { at: 6, type: 'u32', unit: 's', register: 0x6c, help: 'Clock, since the beginning of 2020' },
  },
  objection,
} as const satisfies Layout;

function objection(bytes: Uint8Array): string | undefined {
  if (beginsWithOne(bytes)) return 'it begins with 1.0 as a float';
  return mapsSettings(bytes) ? undefined : 'it lists no registers';
}
