import type { Reading } from './reading.ts';

/** Models that speak the layout of a battery management system, though they only balance (reference, section 4.1). */
const BALANCER = /^JK[-_]DZ/;

/**
 * What a device of this model measures of a reading. A balancer measures cells, pack voltage, its first probe and
 * balancing; what else its records have room for reads 0 and is absent. Any other model measures all of it.
 */
export function measuredBy(model: string | null | undefined, reading: Reading): Reading {
  if (!model || !BALANCER.test(model)) return reading;
  return {
    ...reading,
    batteryTemperature: reading.batteryTemperature.slice(0, 1),
    batteryPower: null,
    batteryCurrent: null,
    mosfetTemperature: null,
    remainPercent: null,
    remainCapacity: null,
    nominalCapacity: null,
    cycleCount: null,
    cycleCapacity: null,
    upTime: null,
    stateOfHealth: null,
    chargeMosfet: null,
    dischargeMosfet: null,
    heating: null,
    heatingCurrent: null,
    chargerPlugged: null,
    chargePhase: null,
    emergencyTime: null,
    alarms: null,
  };
}
