import {
  decodeField,
  fieldSize,
  hasBit,
  hasFlag,
  isNumeric,
  numberSizes,
  snakeCase,
  type Field,
  type Frame,
  type Layout,
  type NumberField,
} from '@ubmsc/protocol';
import type { Entry, Row, Scalar } from '../formats/index.ts';
import {
  meaning,
  numberAt,
  offsetOf,
  shownCount,
  shownFields,
  toHex,
  unitOf,
  viewOf,
  visibleText,
  type FieldOptions,
} from '../records/record-fields.ts';

/** How every field of a record comes about: where it is, how it is computed, what it is, from which bytes. */
export function explain(frame: Frame, layout: Layout, options: FieldOptions): Entry[] {
  const rows = shownFields(layout, options).flatMap(([name, field]) =>
    explainField(frame, layout, [snakeCase(name), field], shownCount(layout, name, frame), options),
  );
  return [
    { key: 'record', label: 'Record', value: snakeCase(layout.record) },
    { key: 'fields', label: 'Fields', value: rows, columns: { unit: { absent: '' } } },
    { key: 'variant', label: 'Variant', value: layout.variant },
  ];
}

function explainField(
  frame: Frame,
  layout: Layout,
  [key, field]: readonly [string, Field],
  count: number,
  { showSecrets = false }: FieldOptions,
): Row[] {
  if (field.secret && !showSecrets) {
    return [{ ...row(frame, field.at, 0, key, field.type), value: '***', bytes: '***' }];
  }
  if (isNumeric(field)) {
    const element = (index: number): string => (field.count === undefined ? key : `${key}[${index}]`);
    return Array.from({ length: count }, (_, index) =>
      explainNumber(frame, layout, [element(index), field], offsetOf(field, index)),
    ).flat();
  }
  if (field.type === 'struct') {
    return Array.from({ length: count }, (_, index) =>
      Object.entries(field.fields).flatMap(([name, each]) =>
        explainNumber(
          frame,
          layout,
          [`${key}[${index}].${snakeCase(name)}`, each],
          field.at + index * field.size + each.at,
        ),
      ),
    ).flat();
  }
  const value = decodeField(field, frame.bytes, viewOf(frame));
  const shown = typeof value === 'string' ? visibleText(value) : null;
  return [{ ...row(frame, field.at, fieldSize(field), key, field.type), value: shown }];
}

function explainNumber(
  frame: Frame,
  layout: Layout,
  [key, field]: readonly [string, NumberField],
  at: number,
): Row[] {
  const value = isEnabled(field, frame, layout) ? numberAt(field, at, frame) : null;
  const means = meaning(field, value);
  const own = {
    ...row(frame, at, numberSizes[field.type], key, formula(field), unitOf(field)),
    value: typeof means === 'object' && means !== null ? means.join(', ') || 'none' : means,
  };
  const bits = Object.entries(field.bits ?? {}).map(([name, { bit }]) => ({
    ...row(frame, at + (bit >> 3), 1, `${key}.${snakeCase(name)}`, `bit ${bit}`),
    value: value === null ? null : hasBit(value, bit),
  }));
  return [own, ...bits];
}

/** The columns in their order. Bytes come last: a record has fields of 4 bytes and of 184. */
function row(
  { bytes }: Frame,
  offset: number,
  size: number,
  field: string,
  how: string,
  unit: string | null = null,
): Record<string, Scalar> {
  return {
    offset,
    field,
    formula: how,
    value: null,
    unit,
    bytes: toHex(bytes.subarray(offset, offset + size)),
  };
}

function formula({ type, divisor, absent, bits, values, unit, enabledBy }: NumberField): string {
  let text: string = divisor === undefined ? type : `${type} / ${divisor}`;
  if (bits) text += ' as bits';
  else if (values) text += ' as name';
  else if (unit === 'boolean') text += ' != 0';
  if (absent !== undefined) text += `, ${absent} is absent`;
  return enabledBy === undefined ? text : `${text}, if flag ${enabledBy}`;
}

/** Whether the record says that the field means something on this device. */
function isEnabled({ enabledBy }: NumberField, frame: Frame, { fields }: Layout): boolean {
  const flags = fields['enableFlags'];
  if (enabledBy === undefined || flags === undefined) return true;
  return hasFlag(frame.bytes.subarray(flags.at, flags.at + fieldSize(flags)), enabledBy);
}
