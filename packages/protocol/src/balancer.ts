import { noValues } from './measurements.ts';
import type { Reading } from './reading.ts';

/** Models that speak the layout of a battery management system, though they only balance (reference, section 4.1). */
const BALANCER = /^JK[-_]DZ/;

/** Whether a device of this model only balances. */
export function isBalancer(model: string | null | undefined): boolean {
  return model !== null && model !== undefined && BALANCER.test(model);
}

/**
 * What a device of this model measures of a reading. A balancer measures cells, pack voltage, its first probe and
 * balancing; what else its records have room for reads 0 and is absent. Any other model measures all of it.
 */
export function measuredBy(model: string | null | undefined, reading: Reading): Reading {
  if (!isBalancer(model)) return reading;
  return {
    ...noValues('cellData'),
    cellVoltage: reading.cellVoltage,
    averageCellVoltage: reading.averageCellVoltage,
    deltaCellVoltage: reading.deltaCellVoltage,
    balanceCurrent: reading.balanceCurrent,
    cellResistance: reading.cellResistance,
    batteryVoltage: reading.batteryVoltage,
    batteryTemperature: reading.batteryTemperature.slice(0, 1),
    lowestCellVoltage: reading.lowestCellVoltage,
    highestCellVoltage: reading.highestCellVoltage,
    lowestCell: reading.lowestCell,
    highestCell: reading.highestCell,
    balancing: reading.balancing,
    source: reading.source,
    ...(reading.doubt && { doubt: reading.doubt }),
  };
}
