import { formatDuration } from '@ubmsc/base';
import type { Characters } from './signs.ts';

/** A number with its unit; a dash where there is none. */
export function quantity(
  value: number | null | undefined,
  decimals: number,
  unit: string,
  absent = '–',
): string {
  return value === null || value === undefined || !Number.isFinite(value)
    ? absent
    : `${value.toFixed(decimals)} ${unit}`;
}

/** The same with its sign: + charges the battery, - discharges it. */
export function signed(
  value: number | null | undefined,
  decimals: number,
  unit: string,
  absent = '–',
): string {
  const text = quantity(value, decimals, unit, absent);
  return typeof value === 'number' && Number(value.toFixed(decimals)) > 0
    ? `+${text}`
    : text.replace(/^-(0(?:\.0+)? )/, '$1');
}

/** Volts as millivolts. */
export function millivolts(volts: number | null | undefined, absent = '–'): string {
  return quantity(volts === null || volts === undefined ? null : volts * 1000, 0, 'mV', absent);
}

/** Ohms as milliohms, in characters that the terminal has. */
export function milliohms(ohms: number | null | undefined, characters: Characters, decimals = 0): string {
  const value = ohms === null || ohms === undefined ? null : ohms * 1000;
  return quantity(value, decimals, characters === 'all' ? 'mΩ' : 'mohm');
}

/** A time in seconds in its largest units: `2 d 3 h`, `4 min 12 s`, `9 s`. Below 0 is 0. */
export function duration(seconds: number, units = 2): string {
  return formatDuration(Math.max(0, Math.round(seconds)), units);
}

/** Local time of day of a moment in milliseconds since 1970-01-01 UTC. */
export function clock(time: number): string {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? '--:--:--' : at.toTimeString().slice(0, 8);
}

/** Local date of a moment in milliseconds since 1970-01-01 UTC, as in ISO 8601. */
export function date(time: number): string {
  const at = new Date(time);
  const two = (number: number): string => String(number).padStart(2, '0');
  return Number.isNaN(at.getTime())
    ? '----------'
    : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
