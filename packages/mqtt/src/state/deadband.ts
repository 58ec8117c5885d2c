import { measurements, snakeCase, type Measurement } from '@ubmsc/protocol';
import { byUnit, columns, entityGroups } from '../home-assistant/columns.ts';
import type { State, Value } from './values.ts';

/** By key: changes up to this are not worth a message, in the unit of the vocabulary. */
const deadbands: ReadonlyMap<string, number> = new Map(
  entityGroups.flatMap((group) =>
    Object.entries<Measurement>(measurements[group]).map(([name, { unit }]) => {
      const own = Object.entries(columns[group]).find(([key]) => key === name)?.[1]?.deadband;
      return [snakeCase(name), own ?? (unit && byUnit[unit].deadband) ?? 0] as const;
    }),
  ),
);

/** Keys that change with every reading: they tell when and how it came, and do not cause a message. */
const unimportant: ReadonlySet<string> = new Set([
  'time',
  'rssi',
  'up_time',
  'last_boot',
  'unmetered_time',
  'bridged_time',
]);

/** The next state, in which values are held that have moved no further than their dead-band from what was sent. */
export function held(sent: State, next: State): State {
  return Object.fromEntries(
    Object.entries(next).map(([key, value]) => {
      const before = sent[key];
      return [key, before !== undefined && near(before, value, deadbands.get(key) ?? 0) ? before : value];
    }),
  );
}

/** Whether something has changed that is worth a message. */
export function isMoved(sent: State, next: State): boolean {
  return Object.entries(next).some(([key, value]) => value !== sent[key] && !unimportant.has(key));
}

function near(one: Value, other: Value, deadband: number): boolean {
  if (typeof one === 'number' && typeof other === 'number') {
    // 3.302 − 3.3 is a little more than 0.002.
    return one === other || Math.abs(one - other) <= deadband + 1e-9;
  }
  if (isList(one) && isList(other)) {
    return (
      one.length === other.length && one.every((value, index) => near(value, other[index] ?? null, deadband))
    );
  }
  return one === other;
}

const isList = (value: Value): value is readonly (number | string | null)[] => Array.isArray(value);
