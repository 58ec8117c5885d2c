import { controls, decode, hasFlag, layouts, snakeCase, type Field } from '@ubmsc/protocol';
import type { ReceivedFrame } from '@ubmsc/session';
import type { Entry } from '../formats/index.ts';
import { recordEntries } from './record-entries.ts';

/** The record of the settings as entries, and when it was read. */
export function settingsEntries({ frame, variant, time }: ReceivedFrame): Entry[] {
  const read = { key: 'time', label: 'Time', value: new Date(time).toISOString() };
  return [...recordEntries(frame, layouts[variant].settings, {}), read];
}

/** Names of what comes with the settings and is none. */
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

/** Registers of the settings of JK02_32S, by the names of their entries. */
const registers: ReadonlyMap<string, number | undefined> = new Map(
  [...Object.entries<Field>(layouts['jk02-32s'].settings.fields), ...Object.entries(controls)].map(
    ([name, { register }]) => [snakeCase(name), register],
  ),
);

/**
 * The settings that the device has, a line each. Where one lacks the register of a setting, the bytes of that setting
 * mean nothing, or something else (reference, sections 5.4 and 8.7).
 */
export function ownSettings({ frame, variant }: ReceivedFrame): Entry[] {
  const flags = variant === 'jk02-32s' ? decode(layouts[variant].settings, frame).enableFlags : undefined;
  const isOwn = (key: string): boolean => {
    const register = registers.get(key);
    return flags === undefined || register === undefined || hasFlag(flags, register);
  };
  return recordEntries(frame, layouts[variant].settings, {})
    .filter(({ key }) => isSetting(key) && isOwn(key))
    .map(({ display, ...entry }) => ({
      ...entry,
      display: { ...display, per: undefined, choices: display?.choices?.filter(isOwn) },
    }));
}
