import type { Reading } from '@ubmsc/protocol';

/** Noise that is the same for the same number: −1 to 1. */
export function noise(number: number): number {
  let bits = Math.imul(number ^ 0x9e3779b9, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 31 - 1;
}

const CELLS = 16;

/** A made-up day of a pack of 16 cells: sun by day, loads that come and go, noise as that of a real one. */
export function madeReading(time: number): Partial<Reading> {
  const hour = (time / 3_600_000) % 24;
  const step = Math.floor(time / 90_000);
  const sun = Math.max(0, Math.sin(((hour - 6) / 12) * Math.PI)) * 60;
  const load = 5 + (noise(step) > 0.6 ? 40 * Math.abs(noise(step + 1)) : 0);
  const seed = Math.floor(time / 500);
  const current = Math.round((sun - load + 0.06 * noise(seed)) * 1000) / 1000;
  const charge = 0.5 + 0.3 * Math.sin(((hour - 10) / 12) * Math.PI);
  const cellVoltage = Array.from(
    { length: CELLS },
    (_, cell) =>
      Math.round(
        (3.25 + 0.08 * charge + current * (0.00025 + 0.00001 * cell) + 0.0007 * noise(seed * 31 + cell)) *
          1000,
      ) / 1000,
  );
  const batteryVoltage = Math.round(cellVoltage.reduce((sum, cell) => sum + cell, 0) * 1000) / 1000;
  const lowest = Math.min(...cellVoltage);
  const highest = Math.max(...cellVoltage);
  return {
    cellVoltage,
    averageCellVoltage: Math.round((batteryVoltage / CELLS) * 1000) / 1000,
    deltaCellVoltage: Math.round((highest - lowest) * 1000) / 1000,
    cellResistance: cellVoltage.map((_, cell) => 0.05 + cell / 1000),
    batteryVoltage,
    batteryCurrent: current,
    batteryPower: Math.round(batteryVoltage * current * 1000) / 1000,
    batteryTemperature: [20 + Math.round(5 * charge * 10) / 10, 21, 20.5],
    mosfetTemperature: Math.round((25 + Math.abs(current) / 10) * 10) / 10,
    remainPercent: Math.round(charge * 100),
    remainCapacity: Math.round(charge * 280_000) / 1000,
    nominalCapacity: 280,
    cycleCount: 50,
    cycleCapacity: Math.floor(time / 60_000) % 1_000_000,
    upTime: Math.floor(time / 1000) % 1e8,
    stateOfHealth: 98,
    lowestCellVoltage: lowest,
    highestCellVoltage: highest,
    lowestCell: cellVoltage.indexOf(lowest),
    highestCell: cellVoltage.indexOf(highest),
    chargeMosfet: true,
    dischargeMosfet: true,
    balancing: false,
    heating: false,
  };
}
