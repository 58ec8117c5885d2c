import { alarms, type AlarmSeverity, type Reading } from '@ubmsc/protocol';

/** Alarms and notices that are active, in words, alarms first; undefined when the device does not tell. */
export function activeAlarms(
  reading: Reading,
): readonly { readonly severity: AlarmSeverity; readonly text: string }[] | undefined {
  return reading.alarms
    ?.map((name) => ({ severity: alarms[name].severity, text: alarms[name].help }))
    .toSorted((one, other) => one.severity.localeCompare(other.severity));
}
