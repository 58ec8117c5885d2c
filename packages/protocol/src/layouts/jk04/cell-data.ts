import { balanceStates } from '../../codes.ts';
import type { Layout } from '../../layout.ts';
import { hasTail, mapsCellData } from '../common/structure.ts';

/** Record 0x02 of variant JK04: no current, no state of charge, no temperatures (reference, section 5.3). */
// A table is read by its columns:
// prettier-ignore
export const cellDataJk04 = {
  variant: 'jk04',
  record: 'cellData',
  fields: {
    frameCounter: { at: 5, type: 'u8', help: 'Counts 0x02 frames; other records carry the value of the next one or a private value' },
    cellVoltages: { at: 6, type: 'f32', count: 24, unit: 'V', help: 'Voltage of each cell slot; 0 beyond the enabled cells' },
    cellWireResistances: { at: 102, type: 'f32', count: 24, unit: 'Ω', help: 'Resistance of each balance lead; some firmware measures it only while it balances' },
    unknown198: { at: 198, type: 'bytes', size: 4, help: 'Unknown' },
    averageCellVoltage: { at: 202, type: 'f32', unit: 'V', help: 'Mean of the cells as the device computed it' },
    deltaCellVoltage: { at: 206, type: 'f32', unit: 'V', help: 'Highest less lowest cell as the device computed it; lags behind the cells' },
    unknown210: { at: 210, type: 'u32', help: 'Unknown' },
    enabledCells: { at: 214, type: 'u32', help: 'Bit n is set when cell n is configured; its population count is the number of cells' },
    maxCellIndex: { at: 218, type: 'u8', help: 'Cell with the highest voltage, from 0; lags behind the cells' },
    minCellIndex: { at: 219, type: 'u8', help: 'Cell with the lowest voltage, from 0; lags behind the cells' },
    balanceState: { at: 220, type: 'u8', values: balanceStates, help: 'What the balancer does' },
    unknown221: { at: 221, type: 'u8', help: 'Unknown' },
    balanceCurrent: { at: 222, type: 'f32', unit: 'A', range: [-20, 20], simulated: { from: 'steppedBalanceCurrent' }, help: 'Current of the balancer, positive while it charges a cell' },
    unknown226: { at: 226, type: 'u32', help: 'Unknown' },
    packVoltage: { at: 230, type: 'f64', unit: 'V', simulated: { from: 'sumOfFloats' }, help: 'Voltage of the pack' },
    unknown238: { at: 238, type: 'u32', help: 'Unknown' },
    sysRunTicks: { at: 242, type: 'u32', divisor: 10, unit: 's', help: 'Time since the device booted' },
    unknown246: { at: 246, type: 'bytes', size: 14, help: 'Unknown' },
    flag260: { at: 260, type: 'u8', simulated: 1, help: 'Always 1 so far' },
    flag261: { at: 261, type: 'u8', simulated: 1, help: 'Always 1 so far' },
    dischargePwmDuty: { at: 262, type: 'u16', help: 'Duty of the discharge PWM' },
    chargePwmDuty: { at: 264, type: 'u16', help: 'Duty of the charge PWM' },
    unknown266: { at: 266, type: 'bytes', size: 10, help: 'Unknown' },
    unknown276: { at: 276, type: 'u8', help: 'Unknown' },
    unknown277: { at: 277, type: 'bytes', size: 9, help: 'Unknown' },
    runtimeSincePowerOn: { at: 286, type: 'u32', unit: 's', simulated: { from: 'secondsSinceBoot' }, help: 'Time since power-on' },
    unknown290: { at: 290, type: 'f32', help: 'Unknown' },
    unknown294: { at: 294, type: 'f32', help: 'Unknown' },
    unknown298: { at: 298, type: 'bytes', size: 1, help: 'Unknown' },
  },
  objection,
} as const satisfies Layout;

function objection(bytes: Uint8Array): string | undefined {
  if (mapsCellData(bytes)) return 'it maps its fields';
  return hasTail(bytes) ? undefined : 'bytes 218 to 298 are empty';
}
