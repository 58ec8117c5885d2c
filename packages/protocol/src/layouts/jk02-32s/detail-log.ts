import { detailLogStatus } from '../../codes.ts';
import type { Layout } from '../../layout.ts';

/** Record 0x06 of variant JK02_32S, one of the burst that answers 0xA7 (reference, section 5.10). */
// A table is read by its columns:
// prettier-ignore
export const detailLogJk02_32s = {
  variant: 'jk02-32s',
  record: 'detailLog',
  fields: {
    frameCounter: { at: 5, type: 'u8', help: 'Means nothing' },
    firstIndex: { at: 6, type: 'u16', help: 'Number of the first record here; 0 is the oldest of all' },
    recordCount: { at: 8, type: 'u8', help: 'How many of the records here are filled; fewer than 12 in the last frame' },
    records: { at: 9, type: 'struct', size: 24, count: 12, help: 'Samples and events, oldest first', fields: {
      rtc: { at: 0, type: 'u32', unit: 's', help: 'Clock of the device: seconds since 2020-01-01 00:00 of its local standard time' },
      code: { at: 4, type: 'u8', help: 'What happened; 0 for a sample' },
      status: { at: 5, type: 'u8', bits: detailLogStatus, help: 'What was on' },
      maxCellIndex: { at: 6, type: 'u8', help: 'Cell with the highest voltage, from 0' },
      minCellIndex: { at: 7, type: 'u8', help: 'Cell with the lowest voltage, from 0' },
      maxCellVoltage: { at: 8, type: 'u16', divisor: 1000, unit: 'V', help: 'Voltage of the highest cell' },
      minCellVoltage: { at: 10, type: 'u16', divisor: 1000, unit: 'V', help: 'Voltage of the lowest cell' },
      packVoltage: { at: 12, type: 'u16', divisor: 100, unit: 'V', help: 'Voltage of the pack' },
      packCurrent: { at: 14, type: 'i16', divisor: 10, unit: 'A', help: 'Current of the pack, positive while it charges' },
      remainingCapacity: { at: 16, type: 'u16', divisor: 10, unit: 'Ah', help: 'Charge left in the pack' },
      fullChargeCapacity: { at: 18, type: 'u16', divisor: 10, unit: 'Ah', help: 'Capacity that the device has learned' },
      maxTemperature: { at: 20, type: 'i8', unit: '°C', absent: -1, help: 'Highest battery probe' },
      minTemperature: { at: 21, type: 'i8', unit: '°C', help: 'Lowest battery probe' },
      mosTemperature: { at: 22, type: 'i8', unit: '°C', help: 'Temperature of the MOSFETs' },
      heatingCurrent: { at: 23, type: 'i8', divisor: 10, unit: 'A', help: 'Current of the heater' },
    } },
    unknown297: { at: 297, type: 'bytes', size: 2, help: 'Unknown' },
  },
} as const satisfies Layout;
