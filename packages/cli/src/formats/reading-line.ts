import { sanitize } from '@ubmsc/base';
import { sessionStates, type BatteryStatus } from '@ubmsc/session';
import { snakeCase, type Reading } from '@ubmsc/protocol';
import type { Document } from './document.ts';

/** One line for people: when, which battery, and what matters most of a reading. */
export function readingLine({ device, simulated }: BatteryStatus, reading: Reading): string {
  const { batteryVoltage, batteryCurrent, batteryPower, remainPercent, deltaCellVoltage } = reading;
  const { lowestCellVoltage, highestCellVoltage, alarms, source, doubt } = reading;
  const parts = [
    clock(source.time),
    sanitize(device).padEnd(12),
    value(batteryVoltage, 3, 'V').padStart(9),
    signed(batteryCurrent, 3, 'A').padStart(10),
    signed(batteryPower, 1, 'W').padStart(10),
    value(remainPercent, 0, '%').padStart(5),
    lowestCellVoltage === null || highestCellVoltage === null
      ? 'no cells'
      : `${lowestCellVoltage.toFixed(3)}…${highestCellVoltage.toFixed(3)} V, ${value(deltaCellVoltage, 3, 'V')} apart`,
    ...(alarms && alarms.length > 0
      ? [`! ${alarms.map((alarm) => snakeCase(alarm).replaceAll('_', ' ')).join(', ')}`]
      : []),
    ...(doubt === undefined ? [] : [`? doubtful: ${doubt}`]),
    ...(simulated ? ['SIMULATED'] : []),
  ];
  return `${parts.join('  ')}\n`;
}

/** One line for people: a battery has come into another state. */
export function stateLine(status: BatteryStatus, time: number): string {
  const { device, state, message } = status;
  const why = message === undefined ? '' : `: ${sanitize(message)}`;
  return `${clock(time)}  ${sanitize(device).padEnd(12)}  ${sessionStates[state]}${why}\n`;
}

/** For programs: a battery has come into another state. */
export function stateDocument(status: BatteryStatus, from: string, time: number): Document {
  const { device, address, state, reason, message, simulated } = status;
  const event = {
    device,
    ...(address !== undefined && { address }),
    ...(simulated && { simulated }),
    time: new Date(time).toISOString(),
    from,
    state,
    reason: reason ?? null,
    message: message ?? null,
  };
  return { state: [event] };
}

/** Local time of day. */
function clock(time: number): string {
  return new Date(time).toTimeString().slice(0, 8);
}

function value(number: number | null, decimals: number, unit: string): string {
  return number === null ? '–' : `${number.toFixed(decimals)} ${unit}`;
}

/** With its sign: + charges the battery, - discharges it. */
function signed(number: number | null, decimals: number, unit: string): string {
  const text = value(number, decimals, unit);
  return number !== null && number > 0 ? `+${text}` : text;
}
