import { alarms, balanceStates } from '../../codes.ts';
import type { Layout } from '../../layout.ts';
import { anySet, hasTail, mapsCellData } from '../common/structure.ts';

/** Record 0x02 of variant JK02_24S: up to 24 cells (reference, section 5.2). */
// A table is read by its columns:
// prettier-ignore
export const cellDataJk02_24s = {
  variant: 'jk02-24s',
  record: 'cellData',
  fields: {
    frameCounter: { at: 5, type: 'u8', help: 'Counts 0x02 frames; other records carry the value of the next one or a private value' },
    cellVoltages: { at: 6, type: 'u16', count: 24, divisor: 1000, unit: 'V', help: 'Voltage of each cell slot; 0 beyond the enabled cells' },
    enabledCells: { at: 54, type: 'u32', help: 'Bit n is set when cell n is configured; its population count is the number of cells' },
    averageCellVoltage: { at: 58, type: 'u16', divisor: 1000, unit: 'V', help: 'Mean of the cells as the device computed it' },
    deltaCellVoltage: { at: 60, type: 'u16', divisor: 1000, unit: 'V', help: 'Highest less lowest cell as the device computed it; lags behind the cells' },
    maxCellIndex: { at: 62, type: 'u8', help: 'Cell with the highest voltage, from 0; lags behind the cells' },
    minCellIndex: { at: 63, type: 'u8', help: 'Cell with the lowest voltage, from 0; lags behind the cells' },
    cellWireResistances: { at: 64, type: 'u16', count: 24, divisor: 1000, unit: 'Ω', help: 'Resistance of each balance lead; some firmware measures it only while it balances' },
    unknown112: { at: 112, type: 'u16', help: 'Unknown' },
    wireResistanceWarnings: { at: 114, type: 'u32', help: 'Bit n is set when the lead of cell n has too much resistance' },
    packVoltage: { at: 118, type: 'u32', divisor: 1000, unit: 'V', help: 'Voltage of the pack' },
    packPower: { at: 122, type: 'u32', divisor: 1000, unit: 'W', help: 'Magnitude of the power; its sign is that of the current' },
    packCurrent: { at: 126, type: 'i32', divisor: 1000, unit: 'A', range: [-2000, 2000], help: 'Current of the pack, positive while it charges' },
    temperature1: { at: 130, type: 'i16', divisor: 10, unit: '°C', absent: -2000, help: 'First battery probe' },
    temperature2: { at: 132, type: 'i16', divisor: 10, unit: '°C', absent: -2000, help: 'Second battery probe' },
    mosTemperature: { at: 134, type: 'i16', divisor: 10, unit: '°C', absent: -2000, help: 'Temperature of the MOSFETs' },
    alarms: { at: 136, type: 'u16', bits: alarms, help: 'Protections and notices that are active' },
    balanceCurrent: { at: 138, type: 'i16', divisor: 1000, unit: 'A', range: [-20, 20], help: 'Current of the balancer, positive while it charges a cell' },
    balanceState: { at: 140, type: 'u8', values: balanceStates, help: 'What the balancer does' },
    stateOfCharge: { at: 141, type: 'u8', unit: '%', range: [0, 100], help: 'State of charge' },
    remainingCapacity: { at: 142, type: 'u32', divisor: 1000, unit: 'Ah', help: 'Charge left in the pack' },
    fullChargeCapacity: { at: 146, type: 'u32', divisor: 1000, unit: 'Ah', help: 'Capacity that the device has learned; the design capacity is a setting' },
    cycleCount: { at: 150, type: 'u32', help: 'Full cycles so far' },
    cycleCapacity: { at: 154, type: 'u32', divisor: 1000, unit: 'Ah', help: 'Charge that has gone through the pack so far' },
    stateOfHealth: { at: 158, type: 'u8', unit: '%', simulated: 100, help: 'State of health' },
    unknown159: { at: 159, type: 'u8', help: 'Unknown' },
    unknown160: { at: 160, type: 'u16', help: 'Varies; not an alarm' },
    totalRuntime: { at: 162, type: 'u32', unit: 's', help: 'Time that the device has run, over all power cycles' },
    chargeMosOn: { at: 166, type: 'u8', unit: 'boolean', help: 'The charge MOSFET conducts' },
    dischargeMosOn: { at: 167, type: 'u8', unit: 'boolean', help: 'The discharge MOSFET conducts' },
    unknown168: { at: 168, type: 'u16', simulated: 1650, help: 'Slowly varying analogue value' },
    releaseTimerDischargeOcp: { at: 170, type: 'u16', unit: 's', help: 'Time until discharge over-current protection is released' },
    releaseTimerDischargeScp: { at: 172, type: 'u16', unit: 's', help: 'Time until discharge short-circuit protection is released' },
    releaseTimerChargeOcp: { at: 174, type: 'u16', unit: 's', help: 'Time until charge over-current protection is released' },
    releaseTimerChargeScp: { at: 176, type: 'u16', unit: 's', help: 'Time until charge short-circuit protection is released' },
    releaseTimerUvp: { at: 178, type: 'u16', unit: 's', help: 'Time until under-voltage protection is released' },
    releaseTimerOvp: { at: 180, type: 'u16', unit: 's', help: 'Time until over-voltage protection is released' },
    temperatureSensorPresence: { at: 182, type: 'u8', simulated: 0b111, help: 'Bit 0 MOSFETs, bits 1 to 5 probes 1 to 5' },
    heatingOn: { at: 183, type: 'u8', unit: 'boolean', help: 'The heater is on' },
    unknown184: { at: 184, type: 'bytes', size: 2, help: 'Unknown' },
    emergencyTimer: { at: 186, type: 'u16', unit: 's', help: 'Time left in emergency mode; 0 when it is off' },
    dischargeCurrentCorrection: { at: 188, type: 'u16', help: 'Calibration of the discharge current' },
    chargeCurrentSensorVoltage: { at: 190, type: 'u16', divisor: 1000, unit: 'V', help: 'Voltage at the charge current sensor' },
    dischargeCurrentSensorVoltage: { at: 192, type: 'u16', divisor: 1000, unit: 'V', help: 'Voltage at the discharge current sensor' },
    batteryVoltageCorrection: { at: 194, type: 'f32', help: 'Calibration factor of the pack voltage' },
    unknown198: { at: 198, type: 'u16', help: 'Unknown' },
    unknown200: { at: 200, type: 'u16', help: 'Unknown' },
    unknown202: { at: 202, type: 'i32', help: 'Small signed value; from 10.x on the low half resembles the pack voltage in 0.01 V' },
    unknown206: { at: 206, type: 'bytes', size: 8, help: 'Unknown' },
    sysRunTicks: { at: 214, type: 'u32', divisor: 10, unit: 's', help: 'Time since the device booted' },
    unknown218: { at: 218, type: 'bytes', size: 81, help: 'Unknown' },
  },
  objection,
} as const satisfies Layout;

function objection(bytes: Uint8Array): string | undefined {
  if (mapsCellData(bytes)) return 'it maps its fields';
  // Cells that add up are proof enough; without any, only this tells.
  const { at } = cellDataJk02_24s.fields.enabledCells;
  if (hasTail(bytes) && !anySet(bytes, at, at + 4))
    return 'it has no cells, and bytes 218 to 298 are not empty';
  return undefined;
}
