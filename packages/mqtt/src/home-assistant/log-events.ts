import { logCodes, logCodeText } from '@ubmsc/protocol';
import type { LogEntry } from '@ubmsc/session';
import type { Component } from './entities.ts';

/** Stands for a code that is not known. */
const OTHER = 'other';

/** Names of the codes of a logbook; those that name a cell have one name for all cells. */
const types: readonly string[] = [
  ...new Set([...Object.keys(logCodes).map(Number), 0x64, 0xc8].map((code) => nameOf(code))),
  OTHER,
];

/** The entity for what a device writes down. Home Assistant ignores an event whose type is not in the list. */
export const logbookComponent: Component = { platform: 'event', name: 'Logbook', event_types: types };

/** An entry of a logbook as the payload of an event. */
export function logEvent({ code, text, timestamp, time }: LogEntry): string {
  const type = nameOf(code);
  return JSON.stringify({
    event_type: types.includes(type) ? type : OTHER,
    time: time === null ? null : new Date(time).toISOString(),
    run_time: timestamp,
    code,
    text,
  });
}

/** `MOSFET over-temperature` → `mosfet_over_temperature`; without the number of a cell. */
function nameOf(code: number): string {
  return logCodeText(code)
    .toLowerCase()
    .replace(/^cell \d+/, 'cell')
    .replaceAll(/[^a-z0-9]+/g, '_');
}
