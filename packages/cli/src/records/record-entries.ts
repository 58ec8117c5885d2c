import {
  decode,
  isNumeric,
  logCodeText,
  meaning,
  numberAt,
  offsetOf,
  shownCount,
  shownFields,
  snakeCase,
  unitOf,
  visibleText,
  toSpacedHex,
  type Field,
  type FieldOptions,
  type Frame,
  type Layout,
} from '@ubmsc/protocol';
import { labelOf, type Display, type Entry, type Row, type Scalar } from '../formats/index.ts';

/** The fields of a record as entries, in the order of its layout, for records that are not measurements. */
export function recordEntries(frame: Frame, layout: Layout, options: FieldOptions): Entry[] {
  const values = decode(layout, frame);
  const entries = shownFields(layout, frame, options).map(([name, field]): Entry => {
    const key = snakeCase(name);
    const label = labelOf(key);
    if (field.secret && !options.showSecrets) return { key, label, value: '***' };
    const count = shownCount(layout, name, frame);
    if (field.type === 'struct') return { key, label, ...table(frame, layout, field, count) };
    const value = values[name];
    if (isNumeric(field)) return { key, label, ...numbers(frame, field, count) };
    if (value instanceof Uint8Array) return { key, label, value: toSpacedHex(value) };
    return { key, label, value: typeof value === 'string' ? visibleText(value) : null };
  });
  return [...entries, { key: 'variant', label: 'Variant', value: layout.variant }];
}

function numbers(
  frame: Frame,
  field: Extract<Field, { divisor?: number }>,
  count: number,
): Pick<Entry, 'value' | 'display'> {
  const one = (index: number): Scalar | readonly string[] =>
    meaning(field, numberAt(field, offsetOf(field, index), frame));
  const unit = unitOf(field);
  const choices = field.bits && Object.keys(field.bits).map(snakeCase);
  if (field.count === undefined) return { value: one(0), display: { unit, choices } };
  const values = Array.from({ length: count }, (_, index) => {
    const value = one(index);
    return typeof value === 'object' ? null : value;
  });
  return { value: values, display: { unit, per: 'cell' } };
}

function table(
  frame: Frame,
  layout: Layout,
  field: Extract<Field, { type: 'struct' }>,
  count: number,
): Pick<Entry, 'value' | 'columns'> {
  const fields = Object.entries(field.fields);
  const rows = Array.from({ length: count }, (_, index): Row => {
    const start = field.at + index * field.size;
    const raw = fields.map(([name, each]) => [name, each, numberAt(each, start + each.at, frame)] as const);
    const row: [string, Row[string]][] = [];
    for (const [name, each, value] of raw) {
      row.push([snakeCase(name), meaning(each, value)]);
      if (name === 'code' && value !== null) row.push(['event', eventText(layout, value)]);
      if (name === 'rtc' && value !== null) row.push(['clock', clockText(value)]);
    }
    return Object.fromEntries(row);
  });
  const columns = Object.fromEntries(
    fields.map(([name, each]): [string, Display] => [
      snakeCase(name),
      // As a duration, the time of a clock would say nothing.
      { unit: name === 'rtc' ? undefined : unitOf(each) },
    ]),
  );
  return { value: rows, columns };
}

/** The detail log has samples between its events (reference, section 5.10). */
function eventText({ record }: Layout, code: number): string {
  return record === 'detailLog' && code === 0 ? 'sample' : logCodeText(code);
}

/** The clock of a device counts from 2020 in its own standard time, of which it does not tell the zone. */
function clockText(seconds: number): string {
  return new Date(Date.UTC(2020, 0, 1) + seconds * 1000).toISOString().slice(0, -'.000Z'.length);
}
