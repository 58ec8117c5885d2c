// Readings of a made-up pack of 16 cells, with the noise of a real one: sun by day, loads that come and go.
import { decodeReading } from '@ubmsc/protocol';
import { noCounters } from '@ubmsc/session';
import { deviceProfiles, SimulatedDevice } from '@ubmsc/simulator';

const profile = { ...deviceProfiles.JK_B2A20S20P, cells: 16 };
const base = decodeReading(new SimulatedDevice({ profile }).cellData(), profile.variant, 0);

/** @param {number} value @param {number} divisor */
const rounded = (value, divisor) => Math.round(value * divisor) / divisor;

/** @param {number} time */
function readingAt(time) {
  const noise = () => 2 * Math.random() - 1;
  const hour = (time / 3_600_000) % 24;
  const season = 1 + 0.3 * Math.sin(time / 5e9);
  const sun = Math.max(0, Math.sin(((hour - 6) / 12) * Math.PI)) * 60 * season;
  const load = 5 + (Math.sin(Math.floor(time / 90_000) * 12.9898) > 0.6 ? 40 : 0);
  const batteryCurrent = rounded(sun - load + 0.06 * noise(), 1000);
  const charge = 0.5 + 0.3 * Math.sin(((hour - 10) / 12) * Math.PI);
  const cellVoltage = Array.from({ length: 16 }, (_, cell) =>
    rounded(3.25 + 0.08 * charge + batteryCurrent * (0.00025 + 0.00001 * cell) + 0.0007 * noise(), 1000),
  );
  const batteryVoltage = rounded(
    cellVoltage.reduce((sum, cell) => sum + cell, 0),
    1000,
  );
  const lowestCellVoltage = Math.min(...cellVoltage);
  const highestCellVoltage = Math.max(...cellVoltage);
  return {
    ...base,
    cellVoltage,
    averageCellVoltage: rounded(batteryVoltage / 16, 1000),
    deltaCellVoltage: rounded(highestCellVoltage - lowestCellVoltage, 1000),
    batteryVoltage,
    batteryCurrent,
    batteryPower: rounded(batteryVoltage * batteryCurrent, 1000),
    batteryTemperature: [rounded(20 + 5 * charge, 10), 21, 20.5],
    mosfetTemperature: rounded(25 + Math.abs(batteryCurrent) / 10, 10),
    remainPercent: Math.round(charge * 100),
    remainCapacity: rounded(charge * 280, 1000),
    cycleCapacity: Math.floor(time / 60_000) % 1_000_000,
    upTime: Math.floor(time / 1000) % 1e8,
    lowestCellVoltage,
    highestCellVoltage,
    lowestCell: cellVoltage.indexOf(lowestCellVoltage),
    highestCell: cellVoltage.indexOf(highestCellVoltage),
    alarms: [],
  };
}

/**
 * The event of a reading.
 *
 * @param {number} battery its number, up to 255
 * @param {number} time milliseconds since 1970-01-01 UTC
 * @returns {Extract<import('@ubmsc/session').BatteryEvent, { kind: 'reading' }>}
 */
export function readingEvent(battery, time) {
  const reading = readingAt(time);
  const status = {
    device: `pack ${battery}`,
    address: `C8:47:80:00:00:${battery.toString(16).padStart(2, '0').toUpperCase()}`,
    name: undefined,
    adapter: 'hci0',
    simulated: false,
    state: /** @type {const} */ ('streaming'),
    reason: undefined,
    message: undefined,
    since: 0,
    rssi: undefined,
    deviceInfo: undefined,
    reading,
    frame: undefined,
    readingTime: time,
    staleAfter: 10_000,
    counters: noCounters,
  };
  return { kind: 'reading', time, status, reading };
}
