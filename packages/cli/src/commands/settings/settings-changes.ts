import { isList, isTable, labelOf, type Entry, type Scalar, type Value } from '../../formats/index.ts';
import { isSetting } from '../../records/settings-entries.ts';
import type { SettingsDocument } from './earlier-forms.ts';

/** A setting whose value differs; null where it was, or is, no setting of the device. */
export interface Change {
  readonly setting: string;
  readonly before: Value;
  readonly after: Value;
}

/** The settings that differ, in the order in which they are now; those that are gone come last. */
export function changesOf(before: SettingsDocument, after: SettingsDocument): Change[] {
  return [...new Set([...Object.keys(after), ...Object.keys(before)])]
    .filter(isSetting)
    .map((setting) => ({ setting, before: before[setting] ?? null, after: after[setting] ?? null }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
}

/**
 * Earlier settings without those that the device lacks, and without the names that it lacks in lists: documents of older
 * versions have them. `all` are the entries of the record, `own` those of them that the device has.
 */
export function withoutLacking(
  earlier: SettingsDocument,
  own: readonly Entry[],
  all: readonly Entry[],
): SettingsDocument {
  const lacking = new Set([...namesIn(all)].filter((name) => !namesIn(own).has(name)));
  return Object.fromEntries(
    Object.entries(earlier)
      .filter(([setting]) => !lacking.has(setting))
      .map(([setting, value]) => [
        setting,
        isList(value) ? value.filter((name) => typeof name !== 'string' || !lacking.has(name)) : value,
      ]),
  );
}

/** Names of settings, and of those that are one in a list. */
function namesIn(entries: readonly Entry[]): ReadonlySet<string> {
  return new Set(entries.flatMap(({ key, display }) => [key, ...(display?.choices ?? [])]));
}

/** Changes for people: `2.5 → 2.6` with label and unit; of names that a list may have, each that came or went. */
export function changeEntries(changes: readonly Change[], entries: readonly Entry[]): Entry[] {
  return changes.flatMap(({ setting, before, after }): Entry[] => {
    const { label = labelOf(setting), display } = entries.find(({ key }) => key === setting) ?? {};
    const { unit, choices = [] } = display ?? {};
    if (isList(before) && isList(after) && choices.length > 0) {
      return choices
        .filter((name) => before.includes(name) !== after.includes(name))
        .map((name) => ({
          key: name,
          label: labelOf(name),
          value: arrow(before.includes(name), after.includes(name)),
        }));
    }
    return [{ key: setting, label, value: arrow(before, after), display: { unit } }];
  });
}

function arrow(before: Value, after: Value): string {
  return `${inText(before)} → ${inText(after)}`;
}

function inText(value: Value): string {
  if (isList(value)) return value.map(scalar).join(', ') || '–';
  return isTable(value) ? '–' : scalar(value);
}

function scalar(value: Scalar): string {
  if (value === null) return '–';
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}
