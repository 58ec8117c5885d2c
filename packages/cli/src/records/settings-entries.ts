import { layouts, type FieldOptions } from '@ubmsc/protocol';
import type { ReceivedFrame } from '@ubmsc/session';
import type { Entry } from '../formats/index.ts';
import { recordEntries } from './record-entries.ts';

/** The settings that a device has as entries, or with `raw` all that the record has room for, and when it was read. */
export function settingsEntries({ frame, variant, time }: ReceivedFrame, options: FieldOptions): Entry[] {
  const read = { key: 'time', label: 'Time', value: new Date(time).toISOString() };
  return [...recordEntries(frame, layouts[variant].settings, options), read];
}

/** Names of what comes with the settings but is not a setting. */
const companions: ReadonlySet<string> = new Set([
  'frame_counter',
  'enable_flags',
  'device',
  'address',
  'simulated',
  'variant',
  'time',
]);

/** Whether this is the name of a setting. */
export const isSetting = (key: string): boolean => !companions.has(key);

/** The settings alone, a line each: what people see of the entries. */
export function settingsLines(entries: readonly Entry[]): Entry[] {
  return entries
    .filter(({ key }) => isSetting(key))
    .map(({ display, ...entry }) => ({ ...entry, display: { ...display, per: undefined } }));
}
